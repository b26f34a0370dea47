#include <gtest/gtest.h>

#include <map>

#include "baktainer/testing/fake_host.hpp"
#include "plugins/engines/mongodb/mongodb_engine.hpp"

namespace bkt::mongodb {
namespace {

using Pairs = std::map<std::string, std::string>;

struct Seen {
    std::uint32_t score = 0;
    Pairs settings;
};

Seen recognise(const std::string& image, const Pairs& env) {
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
    EXPECT_TRUE(MongodbEngine::recognise(call, TargetView(&target), recognition));
    return seen;
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
