#include <gtest/gtest.h>

#include <map>

#include "baktainer/testing/recognised.hpp"
#include "plugins/engines/influxdb/influxdb_engine.hpp"

namespace bkt::influxdb {
namespace {

auto recognise(const std::string& image, const testing::EnvironmentOfTarget& env) {
    return testing::recognised(image, env, &InfluxdbEngine::recognise);
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
