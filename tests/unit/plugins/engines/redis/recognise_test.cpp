#include <gtest/gtest.h>

#include <map>

#include "baktainer/testing/recognised.hpp"
#include "plugins/engines/redis/redis_engine.hpp"

namespace bkt::redis {
namespace {

auto recognise(const std::string& image, const testing::EnvironmentOfTarget& env,
               const std::vector<std::string>& programs = {}) {
    return testing::recognised(image, env, &RedisEngine::recognise, programs);
}

TEST(Recognise, KnowsTheImagesByName) {
    for (const char* image :
         {"redis", "redis:7-alpine", "docker.io/library/redis:8@sha256:ab", "valkey/valkey:8.1",
          "bitnami/redis:7.2", "bitnami/valkey:8", "redis/redis-stack-server:7.2.0",
          "eqalpha/keydb", "localhost:5000/valkey"})
        EXPECT_EQ(recognise(image, {}).score, 100u) << image;
    for (const char* image : {"postgres:15", "oliver006/redis_exporter", "bitnami/redis-sentinel",
                              "rediscommander/redis-commander", "myapp"})
        EXPECT_EQ(recognise(image, {}).score, 0u) << image;
}

TEST(Recognise, KnowsAServerFromItsClientsByTheEnvironment) {
    EXPECT_EQ(recognise("acme/cache", {{"REDIS_PASSWORD", "x"}}).score, 50u);
    EXPECT_EQ(recognise("acme/cache", {{"REDIS_DOWNLOAD_URL", "https://..."}}).score, 50u);
    EXPECT_EQ(recognise("acme/cache", {{"BITNAMI_APP_NAME", "valkey"}}).score, 50u);
    EXPECT_EQ(recognise("acme/web", {{"REDIS_PASSWORD", "x"}, {"REDIS_HOST", "cache"}}).score, 0u);
    EXPECT_EQ(recognise("acme/x", {}, {"valkey-server"}).score, 30u);
    EXPECT_EQ(recognise("acme/x", {}, {"redis-sentinel"}).score, 0u);
    EXPECT_EQ(recognise("acme/x", {{"BITNAMI_APP_NAME", "redis-sentinel"}}).score, 0u);
}

TEST(Recognise, OffersEveryModeForABackupNeedsTheClientOnly) {
    EXPECT_EQ(recognise("redis:7", {}).modes,
              std::uint32_t{BKT_MODE_EXEC | BKT_MODE_SIDECAR | BKT_MODE_REMOTE});
}

using Settings_ = std::map<std::string, std::string>;

TEST(Recognise, ReadsTheImagesConventions) {
    EXPECT_EQ(recognise("redis:7", {}).settings, Settings_{});
    EXPECT_EQ(recognise("redis:7", {{"REDIS_PASSWORD", "secret"}}).settings,
              (Settings_{{"db.password", "env:REDIS_PASSWORD"}}));
    EXPECT_EQ(recognise("redis:7", {{"REDISCLI_AUTH", "secret"}}).settings,
              (Settings_{{"db.password", "env:REDISCLI_AUTH"}}));
    EXPECT_EQ(recognise("bitnami/redis:7", {{"ALLOW_EMPTY_PASSWORD", "yes"},
                                            {"REDIS_PASSWORD", ""},
                                            {"REDIS_PORT_NUMBER", "6380"}})
                  .settings,
              (Settings_{{"db.port", "6380"}}));
    EXPECT_EQ(recognise("bitnami/valkey:8", {{"VALKEY_PASSWORD_FILE", "/run/secrets/pw"}}).settings,
              (Settings_{{"db.password", "file:/run/secrets/pw"}}));
}

}  // namespace
}  // namespace bkt::redis
