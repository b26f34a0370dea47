#include "plugins/engines/postgres/settings.hpp"

#include <gtest/gtest.h>

#include "baktainer/testing/fake_host.hpp"
#include "plugins/engines/postgres/parts.hpp"

namespace bkt::postgres {
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
    {"a name of 64 bytes", "db.name", std::string(64, 'a')},
    {"64 KiB of name", "db.name", std::string(65536, 'a')},
    {"an empty entry", "db.name", "a,,b"},
    {"a name twice", "db.name", "a, a"},
    {"a user with a tab", "db.user", "a\tb"},
    {"a host with a line break", "db.host", "db\nevil"},
    {"a long host", "db.host", std::string(256, 'h')},
    {"a port that is text", "db.port", "five"},
    {"a port that is an option", "db.port", "-p1"},
    {"port 0", "db.port", "0"},
    {"a port too high", "db.port", "65536"},
    {"an unknown format", "db.format", "tar"},
};

TEST(Settings, RefuseWhatPostgresqlCannotHave) {
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

// Whatever a label says, it is the value of one word that begins with an option's name.
TEST(Settings, ReachAToolAsValuesNeverAsWords) {
    for (const std::string hostile :
         {"-f", "--file=/etc/passwd", "$(reboot)", "; rm -rf /", "a b", "'\"`"}) {
        const auto settings =
            load({{"db.user", hostile}, {"db.host", hostile}, {"db.name", hostile}});
        ASSERT_TRUE(settings) << hostile;
        const auto words = settings->connection_options();
        EXPECT_EQ(words, (std::vector<std::string>{"--username=" + hostile, "--host=" + hostile,
                                                   "--no-password"}));
    }
}

TEST(Settings, QuoteADatabaseForLibpq) {
    EXPECT_EQ(connection_string("orders"), "dbname='orders'");
    EXPECT_EQ(connection_string("a=b host=evil"), "dbname='a=b host=evil'");
    EXPECT_EQ(connection_string("postgres://evil/x"), "dbname='postgres://evil/x'");
    EXPECT_EQ(connection_string("it's \\ odd"), "dbname='it\\'s \\\\ odd'");
}

TEST(Settings, DefaultAsTheImageDoes) {
    const auto plain = load({});
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->user, "postgres");
    EXPECT_EQ(plain->databases, std::vector<std::string>{"postgres"});
    const auto user = load({{"db.user", "app"}});
    EXPECT_EQ(user->databases, std::vector<std::string>{"app"});
    const auto all = load({{"db.name", "*"}});
    EXPECT_TRUE(all->all_databases);
}

TEST(Parts, AreNamedSoThatTheirDatabaseComesBack) {
    for (const std::string name :
         {"orders", "globals", "globals.sql", "../etc", "täble", "a b", "%67lobals"}) {
        for (const Format format : {Format::custom, Format::plain}) {
            const auto part = parse_database_part(database_part(name, format));
            ASSERT_TRUE(part) << name;
            EXPECT_EQ(part->database, name);
            EXPECT_EQ(part->format, format);
        }
    }
    EXPECT_NE(database_part("globals", Format::plain), kGlobalsPart);
    for (const std::string foreign :
         {"globals.sql", "x", "x.tar", "%4.dump", "%zz.dump", ".dump", "%00.dump"})
        EXPECT_FALSE(parse_database_part(foreign)) << foreign;
}

}  // namespace
}  // namespace bkt::postgres
