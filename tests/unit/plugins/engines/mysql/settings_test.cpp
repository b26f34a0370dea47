#include "plugins/engines/mysql/settings.hpp"

#include <gtest/gtest.h>

#include "baktainer/testing/fake_host.hpp"
#include "plugins/engines/mysql/parts.hpp"

namespace bkt::mysql {
namespace {

Result<Settings> load(std::map<std::string, std::string> config) {
    testing::FakeHost host;
    host.config = std::move(config);
    testing::FakeCall fake(host.raw());
    return Settings::load(fake.call());
}

const std::string k64Umlauts = [] {
    std::string name;
    for (int i = 0; i < 64; ++i) name += "ü";
    return name;
}();

struct Refused {
    const char* name;
    std::string key, value;
};
const Refused kRefused[] = {
    {"a name with a line break", "db.name", "a\nb"},
    {"a name with NUL", "db.name", std::string("a\0b", 3)},
    {"a name of 65 letters", "db.name", std::string(65, 'a')},
    {"a name of 65 umlauts", "db.name", k64Umlauts + "ü"},
    {"64 KiB of name", "db.name", std::string(65536, 'a')},
    {"bytes that are no letters", "db.name", "a" + std::string(300, '\x80')},
    {"an empty entry", "db.name", "a,,b"},
    {"a name twice", "db.name", "a, a"},
    {"the server's own database", "db.name", "shop,mysql"},
    {"a user with a tab", "db.user", "a\tb"},
    {"a long user", "db.user", std::string(400, 'u')},
    {"a host with a line break", "db.host", "db\nevil"},
    {"a long host", "db.host", std::string(256, 'h')},
    {"a port that is text", "db.port", "five"},
    {"a port that is an option", "db.port", "-p1"},
    {"port 0", "db.port", "0"},
    {"a port too high", "db.port", "65536"},
    {"no process", "parallel", "0"},
    {"too many processes", "parallel", "17"},
    {"processes that are text", "parallel", "4x"},
};

TEST(Settings, RefuseWhatMysqlCannotHave) {
    for (const auto& c : kRefused) {
        SCOPED_TRACE(c.name);
        const auto settings = load({{c.key, c.value}});
        ASSERT_FALSE(settings);
        EXPECT_EQ(settings.error().code, Code::invalid);
        EXPECT_NE(settings.error().message.find(c.key), std::string::npos);
        EXPECT_LT(settings.error().message.size(), 250u);
        EXPECT_EQ(settings.error().message.find('\n'), std::string::npos);
    }
    EXPECT_TRUE(load({{"db.name", k64Umlauts}}));
}

// Whatever a label says, it is the value of one word that begins with an option's name.
TEST(Settings, ReachAToolAsValuesNeverAsWords) {
    for (const std::string hostile :
         {"-e", "--result-file=/etc/passwd", "$(reboot)", "; rm -rf /", "a b", "'\"`"}) {
        const auto settings =
            load({{"db.user", hostile}, {"db.host", hostile}, {"db.name", hostile}});
        ASSERT_TRUE(settings) << hostile;
        EXPECT_EQ(settings->connection_options(),
                  (std::vector<std::string>{"--user=" + hostile, "--host=" + hostile}));
    }
}

TEST(Settings, DefaultToRootOnTheSocketAndEveryDatabase) {
    const auto plain = load({});
    ASSERT_TRUE(plain);
    EXPECT_TRUE(plain->all_databases);
    EXPECT_EQ(plain->connection_options(),
              (std::vector<std::string>{"--user=root", "--host=localhost"}));
    const auto port = load({{"db.port", "3307"}, {"db.name", " a , b "}});
    ASSERT_TRUE(port);
    EXPECT_EQ(port->databases, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(port->connection_options(),
              (std::vector<std::string>{"--user=root", "--host=127.0.0.1", "--port=3307"}))
        << "'localhost' would be the socket, whatever the port";
}

TEST(Settings, QuoteNamesAndTextsForSql) {
    EXPECT_EQ(identifier("a`b"), "`a``b`");
    EXPECT_EQ(literal("it's \\ \"odd\""), "'it\\'s \\\\ \"odd\"'");
}

TEST(Parts, AreNamedSoThatTheirDatabaseComesBack) {
    for (const std::string name :
         {"orders", "accounts", "accounts.sql", "../etc", "täble", "a b", "%61ccounts", ".x"}) {
        const auto part = database_part(name);
        EXPECT_NE(part, kAccountsPart);
        EXPECT_NE(part.front(), '.');
        EXPECT_EQ(database_of(part), (DatabasePart{name, Holds::everything}));
    }
    for (const std::string foreign :
         {"accounts.sql", "x", "x.dump", "%4.sql", "%zz.sql", ".sql", "%00.sql", "mysql.sql"})
        EXPECT_FALSE(database_of(foreign)) << foreign;
}

}  // namespace
}  // namespace bkt::mysql
