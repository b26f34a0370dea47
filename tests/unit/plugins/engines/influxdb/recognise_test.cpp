#include <gtest/gtest.h>

#include <map>

#include "baktainer/testing/fake_host.hpp"
#include "plugins/engines/influxdb/influxdb_engine.hpp"

namespace bkt::influxdb {
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
    EXPECT_TRUE(InfluxdbEngine::recognise(call, TargetView(&target), recognition));
    return seen;
}

TEST(Recognise, KnowsTheImagesByName) {
    for (const char* image : {"influxdb:1.8", "docker.io/library/influxdb:1.8-alpine@sha256:ab",
                              "bitnami/influxdb:1.8.5"})
        EXPECT_EQ(recognise(image, {}).score, 100u) << image;
    for (const char* image : {"redis:7", "telegraf:1", "chronograf", "influxdb-exporter"})
        EXPECT_EQ(recognise(image, {}).score, 0u) << image;
    EXPECT_EQ(recognise("acme/metrics", {{"INFLUXDB_DB", "m"}}).score, 50u);
}

using Settings_ = std::map<std::string, std::string>;

TEST(Recognise, ReadsTheImagesConventions) {
    EXPECT_EQ(recognise("influxdb:1.8", {}).settings, (Settings_{{"db.name", "*"}}));
    EXPECT_EQ(recognise("influxdb:1.8", {{"INFLUXDB_DB", "m"},
                                         {"INFLUXDB_USER", "app"},
                                         {"INFLUXDB_USER_PASSWORD", "x"},
                                         {"INFLUXDB_ADMIN_USER", "root"},
                                         {"INFLUXDB_ADMIN_PASSWORD", "secret"}})
                  .settings,
              (Settings_{{"db.name", "m"},
                         {"db.user", "root"},
                         {"db.password", "env:INFLUXDB_ADMIN_PASSWORD"}}));
    EXPECT_EQ(
        recognise("influxdb:1.8",
                  {{"INFLUXDB_USER", "app"}, {"INFLUXDB_USER_PASSWORD_FILE", "/run/secrets/pw"}})
            .settings,
        (Settings_{{"db.name", "*"}, {"db.user", "app"}, {"db.password", "file:/run/secrets/pw"}}));
}

}  // namespace
}  // namespace bkt::influxdb
