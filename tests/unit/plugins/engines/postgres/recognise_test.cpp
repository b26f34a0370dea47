#include <gtest/gtest.h>

#include <map>

#include "baktainer/testing/recognised.hpp"
#include "plugins/engines/postgres/postgres_engine.hpp"

namespace bkt::postgres {
namespace {

auto recognise(const std::string& image, const testing::EnvironmentOfTarget& env) {
    return testing::recognised(image, env, &PostgresEngine::recognise);
}

TEST(Recognise, KnowsTheImagesByName) {
    for (const char* image : {"postgres", "postgres:15", "docker.io/library/postgres:15@sha256:ab",
                              "postgis/postgis:16-3.4", "timescale/timescaledb:latest-pg16",
                              "localhost:5000/pgvector/pgvector:pg17"})
        EXPECT_EQ(recognise(image, {}).score, 100u) << image;
    for (const char* image : {"redis:7", "postgres-exporter:1", "myapp"})
        EXPECT_EQ(recognise(image, {}).score, 0u) << image;
    EXPECT_EQ(recognise("acme/db:1", {{"POSTGRES_DB", "shop"}}).score, 50u);
}

using Settings_ = std::map<std::string, std::string>;

TEST(Recognise, ReadsTheImagesConventions) {
    EXPECT_EQ(recognise("postgres:15", {}).settings,
              (Settings_{{"db.user", "postgres"}, {"db.name", "postgres"}}));
    EXPECT_EQ(
        recognise("postgres:15", {{"POSTGRES_USER", "app"}, {"POSTGRES_PASSWORD", "secret"}})
            .settings,
        (Settings_{
            {"db.user", "app"}, {"db.name", "app"}, {"db.password", "env:POSTGRES_PASSWORD"}}));
    EXPECT_EQ(recognise("postgres:15",
                        {{"POSTGRES_DB", "shop"}, {"POSTGRES_PASSWORD_FILE", "/run/secrets/pw"}})
                  .settings,
              (Settings_{{"db.user", "postgres"},
                         {"db.name", "shop"},
                         {"db.password", "file:/run/secrets/pw"}}));
}

}  // namespace
}  // namespace bkt::postgres
