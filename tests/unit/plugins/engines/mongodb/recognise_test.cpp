#include <gtest/gtest.h>

#include <map>

#include "baktainer/testing/recognised.hpp"
#include "plugins/engines/mongodb/mongodb_engine.hpp"

namespace bkt::mongodb {
namespace {

using Pairs = std::map<std::string, std::string>;

auto recognise(const std::string& image, const Pairs& env,
               const std::vector<std::string>& programs = {}) {
    return testing::recognised(image, testing::EnvironmentOfTarget(env.begin(), env.end()),
                               &MongodbEngine::recognise, programs);
}

TEST(MongodbRecognise, KnowsTheImagesByName) {
    for (const char* image :
         {"mongo", "mongo:7", "docker.io/library/mongo:7@sha256:ab", "bitnami/mongodb:7.0",
          "percona/percona-server-mongodb:7.0-multi", "ghcr.io/ferretdb/ferretdb:2",
          "mongodb/mongodb-community-server:7.0-ubi8", "lab/ferretdb:2"})
        EXPECT_EQ(recognise(image, {}).score, 100u) << image;
    for (const char* image : {"mongo-express:1", "mongodb-exporter", "postgres:15", "myapp"})
        EXPECT_EQ(recognise(image, {}).score, 0u) << image;
    EXPECT_EQ(recognise("acme/db:1", {{"MONGO_INITDB_ROOT_PASSWORD", "x"}}).score, 50u);
}

TEST(MongodbRecognise, KnowsAServerFromItsClientsByItsProgram) {
    const struct {
        Pairs env;
        std::vector<std::string> programs;
        std::uint32_t score;
    } kCases[] = {
        {{}, {"sh", "mongod"}, 30},
        {{}, {"ferretdb"}, 30},
        {{}, {"mongos"}, 0},
        {{}, {"mongosh", "node"}, 0},
        {{{"MONGO_INITDB_ROOT_USERNAME", "u"}}, {"mongod"}, 50},
        {{{"MONGO_INITDB_ROOT_USERNAME", "u"}, {"MONGO_HOST", ""}}, {}, 50},
        {{{"MONGO_INITDB_ROOT_USERNAME", "u"}, {"MONGO_HOST", "db"}}, {"node"}, 0},
        {{{"MONGODB_ROOT_PASSWORD", "x"}, {"MONGODB_URI", "mongodb://db"}}, {}, 0},
        {{{"MONGODB_ROOT_PASSWORD", "x"}, {"MONGODB_URI", "mongodb://db"}}, {"mongod"}, 50},
        {{{"MONGO_URL", "mongodb://127.0.0.1"}}, {"node", "mongod"}, 30},
    };
    for (const auto& c : kCases)
        EXPECT_EQ(recognise("acme/app", c.env, c.programs).score, c.score) << &c - kCases;
    const auto found = recognise("acme/app", {}, {"mongod"});
    EXPECT_EQ(found.modes, unsigned{BKT_MODE_EXEC | BKT_MODE_SIDECAR | BKT_MODE_REMOTE});
    EXPECT_EQ(found.settings, (Pairs{{"db.name", "*"}}));
}

TEST(MongodbRecognise, OffersEveryMode) {
    EXPECT_EQ(recognise("mongo:7", {}).modes,
              unsigned{BKT_MODE_EXEC | BKT_MODE_SIDECAR | BKT_MODE_REMOTE});
}

TEST(MongodbRecognise, ReadsTheImagesConventions) {
    EXPECT_EQ(recognise("mongo:7", {}).settings, (Pairs{{"db.name", "*"}})) << "no user, no login";
    EXPECT_EQ(recognise("mongo:7", {{"MONGO_INITDB_ROOT_USERNAME", "app"},
                                    {"MONGO_INITDB_ROOT_PASSWORD", "secret"}})
                  .settings,
              (Pairs{{"db.name", "*"},
                     {"db.user", "app"},
                     {"db.password", "env:MONGO_INITDB_ROOT_PASSWORD"}}));
    EXPECT_EQ(
        recognise("mongo:7", {{"MONGO_INITDB_ROOT_USERNAME", "app"},
                              {"MONGO_INITDB_ROOT_PASSWORD_FILE", "/run/secrets/pw"}})
            .settings,
        (Pairs{{"db.name", "*"}, {"db.user", "app"}, {"db.password", "file:/run/secrets/pw"}}));
    EXPECT_EQ(
        recognise("bitnami/mongodb:7", {{"MONGODB_ROOT_PASSWORD", "secret"}}).settings,
        (Pairs{
            {"db.name", "*"}, {"db.user", "root"}, {"db.password", "env:MONGODB_ROOT_PASSWORD"}}));
}

}  // namespace
}  // namespace bkt::mongodb
