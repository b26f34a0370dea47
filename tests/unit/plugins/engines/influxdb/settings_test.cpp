#include "plugins/engines/influxdb/settings.hpp"

#include <gtest/gtest.h>

#include "baktainer/engine.hpp"
#include "baktainer/testing/fake_host.hpp"
#include "plugins/engines/influxdb/recipe.hpp"

namespace bkt::influxdb {
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
    {"a name with a line break", "db.name", "a\nb"},
    {"a name with NUL", "db.name", std::string("a\0b", 3)},
    {"a long name", "db.name", std::string(256, 'a')},
    {"a name that leaves its folder", "db.name", ".."},
    {"a name that is a path", "db.name", "a/b"},
    {"an empty entry", "db.name", "a,,b"},
    {"a name twice", "db.name", "a, a"},
    {"a user with a tab", "db.user", "a\tb"},
    {"a host with a line break", "db.host", "a\nb"},
    {"a port that is an option", "db.port", "-p"},
    {"a port too high", "db.port", "65536"},
};

TEST(Settings, RefuseWhatInfluxdbCannotHave) {
    for (const auto& c : kRefused) {
        SCOPED_TRACE(c.name);
        const auto settings = load({{c.key, c.value}});
        ASSERT_FALSE(settings);
        EXPECT_EQ(settings.error().code, Code::invalid);
        EXPECT_NE(settings.error().message.find(c.key), std::string::npos);
        EXPECT_EQ(settings.error().message.find('\n'), std::string::npos);
    }
    EXPECT_TRUE(load({{"db.name", "*"}})->databases.empty());
    EXPECT_EQ(load({{"db.name", "a, o d"}})->databases, (std::vector<std::string>{"a", "o d"}));
}

TEST(Settings, QuoteANameForInfluxql) {
    EXPECT_EQ(quoted_name("shop"), "\"shop\"");
    EXPECT_EQ(quoted_name("a\"; DROP DATABASE b; \\"), "\"a\\\"; DROP DATABASE b; \\\\\"");
}

TEST(Recipe, GivesEachDatabaseItsNameBack) {
    for (const std::string name : {"shop", "o d", "größe", "a.b", ".hidden", "-portable", "$(x)'"})
        EXPECT_EQ(database_of(part_name(name, ".tar")), name);
    for (const char* part : {"x", ".tar", "%4.tar", "%2F.tar", "%2E%2E.tar", "a%00.tar"})
        EXPECT_FALSE(database_of(part)) << part;
    const auto text = restore_recipe({part_name("it's", ".tar")});
    EXPECT_NE(text.find("-db 'it'\\''s'"), std::string::npos) << text;
}

}  // namespace
}  // namespace bkt::influxdb
