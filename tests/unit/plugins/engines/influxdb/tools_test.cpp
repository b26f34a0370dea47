#include "plugins/engines/influxdb/tools.hpp"

#include <gtest/gtest.h>

#include "baktainer/testing/fake_host.hpp"

namespace bkt::influxdb {
namespace {

struct Bench {
    Bench() {
        host.secrets["db.password"] = "s3cret";
        host.config["db.user"] = "-x";
        host.exec = [this](Call&, const ExecRequest& r) -> Result<ExecOutcome> {
            ExecOutcome outcome;
            const bool asks = r.argv.at(0) == "influx";
            outcome.exit_code = asks ? exit_code : 0;
            EXPECT_TRUE(r.out->write(as_bytes(asks ? answer : version)));
            return outcome;
        };
    }
    Result<std::vector<std::string>> databases() {
        testing::FakeCall fake(host.raw());
        Call call = fake.call();
        BKT_LET(Settings settings, Settings::load(call));
        BKT_LET(const Tools tools, Tools::create(call, std::move(settings)));
        return tools.databases();
    }
    bool sees_all() {
        testing::FakeCall fake(host.raw());
        Call call = fake.call();
        const auto tools = Tools::create(call, *Settings::load(call));
        return tools && tools->sees_all();
    }
    testing::FakeHost host;
    int exit_code = 0;
    std::string version = "InfluxDB v1.6.7~rc0 (git: unknown unknown)\n";
    std::string answer = R"({"results":[{"series":[{"name":"databases","columns":["name"],)"
                         R"("values":[["_internal"],["shop"],["o d"]]}]}]})";
};

TEST(Tools, AskWithTheAccountInTheEnvironmentOnly) {
    Bench bench;
    const auto databases = bench.databases();
    ASSERT_TRUE(databases);
    EXPECT_EQ(*databases, (std::vector<std::string>{"shop", "o d"}));
    const auto& request = bench.host.requests.back();
    EXPECT_EQ(request.argv,
              (std::vector<std::string>{"influx", "-format=json", "-execute=SHOW DATABASES"}));
    EXPECT_EQ(request.env,
              (std::vector<std::string>{"INFLUX_USERNAME=-x", "INFLUX_PASSWORD=s3cret"}));
}

TEST(Tools, RefuseAServerThatIsNotInfluxdb1) {
    for (const char* version : {"InfluxDB v2.7.12 (git: ec9dcde5d6) build_date: 2025\n", "", "x"}) {
        Bench bench;
        bench.version = version;
        const auto databases = bench.databases();
        ASSERT_FALSE(databases);
        EXPECT_EQ(databases.error().code, Code::unsupported);
        EXPECT_FALSE(databases.error().hint.empty());
    }
}

TEST(Tools, SeeAllAsAnAdministratorOnly) {
    Bench bench;
    EXPECT_TRUE(bench.sees_all());
    EXPECT_EQ(bench.host.requests.back().argv.back(), "-execute=SHOW USERS");
    bench.answer = R"({"results":[{"error":"error authorizing query: requires admin privilege"}]})";
    EXPECT_FALSE(bench.sees_all());
    bench.exit_code = 1;
    bench.answer = "ERR: authorization failed\n";
    EXPECT_FALSE(bench.sees_all());
}

struct Answer {
    const char* name;
    int exit_code;
    const char* text;
    Code code;
};
const Answer kAnswers[] = {
    {"a wrong password", 1, "ERR: authorization failed\n", Code::denied},
    {"no server", 1, "Failed to connect to http://localhost:8086: connection refused\n",
     Code::unavailable},
    {"a refusal with exit 0", 0, R"({"results":[{"error":"user not authorized"}]})", Code::denied},
    {"no JSON", 0, "hello", Code::failed},
    {"other JSON", 0, R"({"results":[{"series":[{"values":[[7]]}]}]})", Code::failed},
};

TEST(Tools, TellWhatTheServerRefuses) {
    for (const auto& c : kAnswers) {
        Bench bench;
        bench.exit_code = c.exit_code;
        bench.answer = c.text;
        const auto databases = bench.databases();
        ASSERT_FALSE(databases) << c.name;
        EXPECT_EQ(databases.error().code, c.code) << c.name;
    }
}

}  // namespace
}  // namespace bkt::influxdb
