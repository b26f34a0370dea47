#include <gtest/gtest.h>

#include <map>

#include "baktainer/testing/fake_host.hpp"
#include "plugins/engines/postgres/postgres_engine.hpp"

namespace bkt::postgres {
namespace {

struct Seen {
    std::uint32_t score = 0;
    std::map<std::string, std::string> settings;
};

Seen recognise(const std::string& image, std::vector<std::pair<std::string, std::string>> env) {
    std::vector<bkt_pair> pairs;
    for (const auto& [k, v] : env) pairs.push_back({str(k), str(v)});
    bkt_target target{};
    target.size = sizeof target;
    target.image = str(image);
    target.env = pairs.data();
    target.env_count = pairs.size();
    Seen seen;
    const bkt_recognition out{
        sizeof out,
        0,
        &seen,
        [](const bkt_recognition* o, std::uint32_t s, bkt_str) noexcept {
            static_cast<Seen*>(o->ctx)->score = s;
        },
        [](const bkt_recognition* o, bkt_str key, bkt_str value, bkt_str) noexcept {
            static_cast<Seen*>(o->ctx)->settings[std::string(view(key))] = view(value);
        },
        [](const bkt_recognition*, std::uint32_t) noexcept {}};
    testing::FakeHost host;
    testing::FakeCall fake(host.raw());
    Call call = fake.call();
    Recognition recognition(&out);
    EXPECT_TRUE(PostgresEngine::recognise(call, TargetView(&target), recognition));
    return seen;
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
