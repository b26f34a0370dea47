#include <gtest/gtest.h>

#include <map>

#include "baktainer/testing/recognised.hpp"
#include "plugins/engines/postgres/postgres_engine.hpp"

namespace bkt::postgres {
namespace {

auto recognise(const std::string& image, const testing::EnvironmentOfTarget& env,
               const std::vector<std::string>& programs = {}) {
    return testing::recognised(image, env, &PostgresEngine::recognise, programs);
}

TEST(Recognise, KnowsTheImagesByName) {
    for (const char* image : {"postgres", "postgres:15", "docker.io/library/postgres:15@sha256:ab",
                              "postgis/postgis:16-3.4", "timescale/timescaledb:latest-pg16",
                              "timescale/timescaledb-ha:pg16", "bitnami/postgresql:16",
                              "supabase/postgres:15.8", "localhost:5000/pgvector/pgvector:pg17"})
        EXPECT_EQ(recognise(image, {}).score, 100u) << image;
    for (const char* image : {"redis:7", "postgres-exporter:1", "myapp"})
        EXPECT_EQ(recognise(image, {}).score, 0u) << image;
    EXPECT_EQ(recognise("acme/db:1", {{"POSTGRES_DB", "shop"}}).score, 50u);
    EXPECT_EQ(recognise("acme/db:1", {{"POSTGRESQL_PASSWORD_FILE", "/run/secrets/x"}}).score, 50u);
}

TEST(Recognise, KnowsAServerByItsProgramLast) {
    EXPECT_EQ(recognise("acme/db:1", {}, {"bash", "postgres"}).score, 30u);
    EXPECT_EQ(recognise("acme/db:1", {}, {"postgres_exporte"}).score, 0u);
    EXPECT_EQ(recognise("acme/db:1", {{"POSTGRES_DB", "shop"}}, {"postgres"}).score, 50u);
}

TEST(Recognise, TakesNoClientForAServer) {
    const testing::EnvironmentOfTarget client{
        {"POSTGRES_HOST", "db"}, {"POSTGRES_DB", "cloud"}, {"POSTGRES_PASSWORD", "x"}};
    EXPECT_EQ(recognise("nextcloud:30", client).score, 0u);
    EXPECT_EQ(recognise("acme/all-in-one:1", client, {"postgres", "nginx"}).score, 50u);
    EXPECT_EQ(recognise("supabase/postgres:15.8", client).score, 100u);
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

TEST(Recognise, ReadsBitnamisConventions) {
    EXPECT_EQ(
        recognise("bitnami/postgresql:16", {{"POSTGRESQL_USERNAME", "app"},
                                            {"POSTGRESQL_DATABASE", "shop"},
                                            {"POSTGRESQL_PASSWORD", "secret"}})
            .settings,
        (Settings_{
            {"db.user", "app"}, {"db.name", "shop"}, {"db.password", "env:POSTGRESQL_PASSWORD"}}));
    EXPECT_EQ(
        recognise("bitnami/postgresql:16", {{"POSTGRESQL_USERNAME", "app"},
                                            {"POSTGRESQL_DATABASE", "shop"},
                                            {"POSTGRESQL_PASSWORD", "secret"},
                                            {"POSTGRESQL_POSTGRES_PASSWORD_FILE", "/run/pg"}})
            .settings,
        (Settings_{{"db.user", "postgres"}, {"db.name", "shop"}, {"db.password", "file:/run/pg"}}));
}

}  // namespace
}  // namespace bkt::postgres
