#include "plugins/engines/redis/server.hpp"

#include <gtest/gtest.h>

#include "baktainer/testing/fake_host.hpp"

namespace bkt::redis {
namespace {

TEST(Server, IsReadFromItsOwnWords) {
    const auto redis = Server::parse(
        "# Server\r\nredis_version:7.0.15\r\n# Memory\r\nused_memory:100\r\n"
        "used_memory_dataset:40\r\nnumber_of_functions:2\r\n# Persistence\r\nloading:0\r\n"
        "async_loading:1\r\n# Replication\r\nrole:master\r\n# Modules\r\n"
        "module:name=ReJSON,ver=20000,api=1\r\n# Cluster\r\ncluster_enabled:0\r\n# Keyspace\r\n"
        "db0:keys=3,expires=1,avg_ttl=0\r\ndb15:keys=4,expires=0,avg_ttl=0\r\n"
        "db_size:keys=100\r\n");
    EXPECT_EQ(redis.product + " " + redis.version, "redis 7.0.15");
    EXPECT_EQ(redis.keys, 7u);
    EXPECT_EQ(redis.functions, 2u);
    EXPECT_EQ(redis.modules, std::vector<std::string>{"ReJSON"});
    EXPECT_FALSE(redis.is_replica || redis.is_cluster || redis.is_loading || redis.is_empty());
    const auto valkey = Server::parse(
        "redis_version:7.2.4\nserver_name:valkey\nvalkey_version:8.1.1\nrole:slave\n"
        "master_link_status:down\nloading:1\ncluster_enabled:1\n");
    EXPECT_EQ(valkey.product + " " + valkey.version, "valkey 8.1.1");
    EXPECT_TRUE(valkey.is_replica && !valkey.link_is_up && valkey.is_cluster && valkey.is_loading);
    EXPECT_TRUE(valkey.is_empty());
}

// What a client is told, and what it is asked with.
struct Bench {
    Bench() {
        host.secrets["db.password"] = "s3cret";
        host.exec = [this](Call&, const ExecRequest& r) -> Result<ExecOutcome> {
            ExecOutcome outcome;
            outcome.exit_code = 0;
            if (r.argv.at(1) == "--version") {
                if (r.argv.at(0) != client) return Error{Code::not_found, "no such program"};
                EXPECT_TRUE(r.out->write(as_bytes(client + " 7.0.15\n")));
                return outcome;
            }
            const bool with_password = !r.env.empty();
            if (with_password) outcome.stderr_tail = warning;
            EXPECT_TRUE(r.out->write(as_bytes(with_password && !warning.empty() ? refused : info)));
            return outcome;
        };
    }
    Result<Server> ask() {
        testing::FakeCall fake(host.raw());
        Call call = fake.call();
        BKT_LET(Settings settings, Settings::load(call));
        BKT_LET(Tools tools, Tools::create(call, std::move(settings)));
        return Server::ask(tools);
    }
    testing::FakeHost host;
    std::string client = "redis-cli", warning, info = "# Server\r\nredis_version:7.0.15\r\n";
    std::string refused = "NOAUTH Authentication required.\n";
};

TEST(Server, IsAskedWithThePasswordInTheEnvironmentOnly) {
    Bench bench;
    bench.host.config["db.user"] = "-x";
    ASSERT_TRUE(bench.ask());
    const auto& request = bench.host.requests.back();
    EXPECT_EQ(request.argv, (std::vector<std::string>{"redis-cli", "--user", "-x", "INFO"}));
    EXPECT_EQ(request.env,
              (std::vector<std::string>{"REDISCLI_AUTH=s3cret", "VALKEYCLI_AUTH=s3cret"}));
}

// redis-cli exits 0 for a refused command: the answer is what counts.
TEST(Server, ThatRefusesIsDeniedWithARemedy) {
    Bench bench;
    bench.warning = "AUTH failed: WRONGPASS invalid username-password pair or user is disabled.\n";
    auto asked = bench.ask();
    ASSERT_FALSE(asked);
    EXPECT_EQ(asked.error().code, Code::denied);
    EXPECT_NE(asked.error().hint.find("db.secret"), std::string::npos);

    bench.host.secrets.clear();
    bench.info = "NOAUTH Authentication required.\n";
    asked = bench.ask();
    ASSERT_FALSE(asked);
    EXPECT_EQ(asked.error().code, Code::denied);
    EXPECT_NE(asked.error().hint.find("db.secret"), std::string::npos);
}

TEST(Server, WithoutAPasswordIsAskedWithoutOne) {
    Bench bench;
    bench.warning = "AUTH failed: ERR AUTH <password> called without any password configured\n";
    ASSERT_TRUE(bench.ask());
    EXPECT_TRUE(bench.host.requests.back().env.empty());
}

TEST(Tools, TakeTheClientThatIsThere) {
    Bench bench;
    bench.client = "valkey-cli";
    ASSERT_TRUE(bench.ask());
    EXPECT_EQ(bench.host.requests.back().argv.front(), "valkey-cli");
    bench.host.requests.clear();
    bench.host.config["target.image"] = "valkey/valkey:8.1";
    ASSERT_TRUE(bench.ask());
    EXPECT_EQ(bench.host.requests.front().argv.front(), "valkey-cli") << "the image's own first";
    bench.client = "none";
    EXPECT_EQ(bench.ask().error().code, Code::unsupported);
}

}  // namespace
}  // namespace bkt::redis
