#include "plugins/engines/redis/settings.hpp"

#include <gtest/gtest.h>

#include "baktainer/testing/fake_host.hpp"

namespace bkt::redis {
namespace {

Result<Settings> load(std::map<std::string, std::string> config) {
    testing::FakeHost host;
    host.config = std::move(config);
    testing::FakeCall fake(host.raw());
    return Settings::load(fake.call());
}

struct Refused {
    const char* name;
    std::string key, value;
};
const Refused kRefused[] = {
    {"a user with a line break", "db.user", "a\nb"},
    {"a user with a blank", "db.user", "a b"},
    {"a user with NUL", "db.user", std::string("a\0b", 3)},
    {"a long user", "db.user", std::string(257, 'u')},
    {"a host with a line break", "db.host", "db\nevil"},
    {"a long host", "db.host", std::string(256, 'h')},
    {"a port that is an option", "db.port", "-p1"},
    {"port 0", "db.port", "0"},
    {"a port too high", "db.port", "65536"},
    {"one database", "db.name", "shop"},
};

TEST(Settings, RefuseWhatRedisCannotHave) {
    for (const auto& c : kRefused) {
        SCOPED_TRACE(c.name);
        const auto settings = load({{c.key, c.value}});
        ASSERT_FALSE(settings);
        EXPECT_EQ(settings.error().code, Code::invalid);
        EXPECT_NE(settings.error().message.find(c.key), std::string::npos);
        EXPECT_LT(settings.error().message.size(), 250u);
        EXPECT_EQ(settings.error().message.find('\n'), std::string::npos);
    }
}

// Whatever a label says, it stands right behind the option whose value it is.
TEST(Settings, ReachAToolAsValuesNeverAsOptions) {
    for (const std::string hostile : {"--eval", "-x", "$(reboot)", ";reboot", "'\"`"}) {
        const auto settings = load({{"db.user", hostile}, {"db.host", hostile}, {"db.port", "7"}});
        ASSERT_TRUE(settings) << hostile;
        EXPECT_EQ(settings->connection_words(),
                  (std::vector<std::string>{"--user", hostile, "-h", hostile, "-p", "7"}));
    }
    EXPECT_EQ(load({{"db.host", "/run/r.sock"}})->connection_words(),
              (std::vector<std::string>{"-s", "/run/r.sock"}));
    EXPECT_TRUE(load({{"db.name", "*"}})->connection_words().empty());
}

TEST(Settings, RefuseASocketWhereTheContainersFilesAreNotSeen) {
    EXPECT_TRUE(load({{"db.host", "/run/r.sock"}, {"mode", "exec"}}));
    for (const char* mode : {"sidecar", "remote"}) {
        const auto settings = load({{"db.host", "/run/r.sock"}, {"mode", mode}});
        ASSERT_FALSE(settings) << mode;
        EXPECT_EQ(settings.error().code, Code::invalid);
        EXPECT_TRUE(load({{"db.host", "127.0.0.1"}, {"mode", mode}})) << mode;
    }
}

}  // namespace
}  // namespace bkt::redis
