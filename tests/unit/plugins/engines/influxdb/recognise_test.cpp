#include <gtest/gtest.h>

#include <map>

#include "baktainer/testing/recognised.hpp"
#include "plugins/engines/influxdb/influxdb_engine.hpp"

namespace bkt::influxdb {
namespace {

auto recognise(const std::string& image, const testing::EnvironmentOfTarget& env,
               const std::vector<std::string>& programs = {}) {
    return testing::recognised(image, env, &InfluxdbEngine::recognise, programs);
}

TEST(Recognise, KnowsTheImagesByName) {
    for (const char* image : {"influxdb:1.8", "docker.io/library/influxdb:1.8-alpine@sha256:ab",
                              "bitnami/influxdb:1.8.5"})
        EXPECT_EQ(recognise(image, {}).score, 100u) << image;
    for (const char* image : {"redis:7", "telegraf:1", "chronograf", "influxdb-exporter"})
        EXPECT_EQ(recognise(image, {}).score, 0u) << image;
    EXPECT_EQ(recognise("acme/metrics", {{"INFLUXDB_DB", "m"}}).score, 50u);
}

TEST(Recognise, KnowsAServerFromItsClientsByItsProgram) {
    const struct {
        testing::EnvironmentOfTarget env;
        std::vector<std::string> programs;
        std::uint32_t score;
    } kCases[] = {
        {{}, {"sh", "influxd"}, 30},
        {{}, {"influx"}, 0},
        {{}, {"telegraf"}, 0},
        {{{"INFLUXDB_DB", "m"}}, {"influxd"}, 50},
        {{{"INFLUXDB_DB", "m"}, {"INFLUXDB_HOST", ""}}, {}, 50},
        {{{"INFLUXDB_DB", "m"}, {"INFLUXDB_HOST", "metrics"}}, {}, 0},
        {{{"INFLUXDB_DB", "m"}, {"INFLUX_URL", "http://metrics:8086"}}, {"grafana"}, 0},
        {{{"INFLUXDB_DB", "m"}, {"INFLUXDB_URL", "http://127.0.0.1:8086"}}, {"influxd"}, 50},
        {{{"INFLUX_HOST", "http://127.0.0.1:8086"}}, {"influxd"}, 30},
    };
    for (const auto& c : kCases)
        EXPECT_EQ(recognise("acme/metrics", c.env, c.programs).score, c.score) << &c - kCases;
    // Its version is not known by its program: InfluxDB 1, unless the job says 'remote'.
    const auto found = recognise("acme/metrics", {}, {"influxd"});
    EXPECT_EQ(found.modes, std::uint32_t{BKT_MODE_EXEC | BKT_MODE_REMOTE});
    EXPECT_EQ(found.settings.at("db.name"), "*");
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

TEST(Recognise, AsksVersion2OverTheNetworkOnly) {
    const struct {
        const char* image;
        testing::EnvironmentOfTarget env;
        std::uint32_t modes;
    } kCases[] = {
        {"influxdb:2.7", {}, BKT_MODE_REMOTE},
        {"localhost:5000/influxdb:2-alpine@sha256:ab", {}, BKT_MODE_REMOTE},
        {"influxdb", {{"INFLUXDB_VERSION", "2.7.12"}}, BKT_MODE_REMOTE},
        {"bitnami/influxdb", {{"INFLUX_CONFIGS_PATH", "/etc/i"}}, BKT_MODE_REMOTE},
        {"acme/metrics", {{"DOCKER_INFLUXDB_INIT_MODE", "setup"}}, BKT_MODE_REMOTE},
        {"influxdb:1.8", {}, BKT_MODE_EXEC},
        {"influxdb", {{"INFLUXDB_VERSION", "1.8.10"}}, BKT_MODE_EXEC},
        {"influxdb:latest", {}, BKT_MODE_EXEC | BKT_MODE_REMOTE},
        {"sha256:27c6e555e3a2", {{"INFLUXDB_DB", "shop"}}, BKT_MODE_EXEC | BKT_MODE_REMOTE},
        {"influxdb:1.8", {{"TMPDIR", "/backup"}}, BKT_MODE_EXEC | BKT_MODE_SIDECAR},
        {"influxdb:1.8", {{"TMPDIR", ""}}, BKT_MODE_EXEC},
        {"influxdb:2.7", {{"TMPDIR", "/backup"}}, BKT_MODE_REMOTE},
        {"influxdb", {{"TMPDIR", "/backup"}}, BKT_MODE_EXEC | BKT_MODE_SIDECAR | BKT_MODE_REMOTE},
        {"registry:5000/influxdb", {}, BKT_MODE_EXEC | BKT_MODE_REMOTE},
    };
    for (const auto& c : kCases) EXPECT_EQ(recognise(c.image, c.env).modes, c.modes) << c.image;
}

TEST(Recognise, FindsTheOperatorsToken) {
    EXPECT_EQ(recognise("influxdb:2.7", {}).settings, Settings_{});
    EXPECT_EQ(
        recognise("influxdb:2.7", {{"DOCKER_INFLUXDB_INIT_ADMIN_TOKEN", "t"},
                                   {"DOCKER_INFLUXDB_INIT_BUCKET", "b"},
                                   {"INFLUXD_HTTP_BIND_ADDRESS", ":9000"}})
            .settings,
        (Settings_{{"db.password", "env:DOCKER_INFLUXDB_INIT_ADMIN_TOKEN"}, {"db.port", "9000"}}));
    EXPECT_EQ(
        recognise("influxdb:2.7", {{"DOCKER_INFLUXDB_INIT_ADMIN_TOKEN_FILE", "/run/secrets/token"}})
            .settings,
        (Settings_{{"db.password", "file:/run/secrets/token"}}));
}

}  // namespace
}  // namespace bkt::influxdb
