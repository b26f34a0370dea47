#include "plugins/engines/mongodb/settings.hpp"

#include <gtest/gtest.h>

#include "baktainer/testing/fake_host.hpp"
#include "plugins/engines/mongodb/parts.hpp"

namespace bkt::mongodb {
namespace {

using Config = std::map<std::string, std::string>;
using Words = std::vector<std::string>;

Result<Settings> load(Config config) {
    testing::FakeHost host;
    host.config = std::move(config);
    testing::FakeCall fake(host.raw());
    return Settings::load(fake.call());
}

struct Refused {
    const char* name;
    Config config;
    Code code;
};
const Refused kRefused[] = {
    {"a name with a line break", {{"db.name", "a\nb"}}, Code::invalid},
    {"a name with NUL", {{"db.name", std::string("a\0b", 3)}}, Code::invalid},
    {"a name of 64 bytes", {{"db.name", std::string(64, 'a')}}, Code::invalid},
    {"a name with a dot", {{"db.name", "a.b"}}, Code::invalid},
    {"a name with a dollar", {{"db.name", "$a"}}, Code::invalid},
    {"a name that leaves", {{"db.name", "../etc"}}, Code::invalid},
    {"an empty entry", {{"db.name", "a,,b"}}, Code::invalid},
    {"a name twice", {{"db.name", "a, a"}}, Code::invalid},
    {"a user with a tab", {{"db.user", "a\tb"}}, Code::invalid},
    {"a host with another option", {{"db.host", "h/?authSource=x"}}, Code::invalid},
    {"a host with a user", {{"db.host", "user:pw@h"}}, Code::invalid},
    {"a host list", {{"db.host", "a,b"}}, Code::invalid},
    {"a host that is an option", {{"db.host", "--host"}}, Code::invalid},
    {"a port that is text", {{"db.port", "five"}}, Code::invalid},
    {"port 0", {{"db.port", "0"}}, Code::invalid},
    {"a port too high", {{"db.port", "65536"}}, Code::invalid},
    {"an auth database with a quote", {{"db.auth-db", "a\"b"}}, Code::invalid},
    {"an oplog of one database", {{"db.name", "a"}, {"db.oplog", "true"}}, Code::unsupported},
    {"a choice among all databases", {{"db.exclude", "x"}}, Code::unsupported},
    {"a pattern in the middle", {{"db.name", "a"}, {"db.exclude", "x*y"}}, Code::unsupported},
    {"two of a database", {{"db.name", "a"}, {"db.include", "x,y"}}, Code::unsupported},
    {"a pattern of a database", {{"db.name", "a"}, {"db.include", "x*"}}, Code::unsupported},
    {"a collection without a name", {{"db.name", "a"}, {"db.exclude", "a."}}, Code::invalid},
};

TEST(MongodbSettings, RefuseWhatMongodbCannotHaveOrMongodumpCannotDo) {
    for (const auto& c : kRefused) {
        SCOPED_TRACE(c.name);
        const auto settings = load(c.config);
        ASSERT_FALSE(settings);
        EXPECT_EQ(settings.error().code, c.code) << settings.error().message;
        EXPECT_LT(settings.error().message.size(), 250u);
        EXPECT_EQ(settings.error().message.find('\n'), std::string::npos);
    }
}

// Whatever a label says, it is the value of one word that begins with an option's name.
TEST(MongodbSettings, ReachAToolAsValuesNeverAsWords) {
    for (const std::string hostile : {"-f", "--out=/etc", "$(reboot)", "; rm -rf", "'\"`"}) {
        const auto settings = load({{"db.user", hostile}, {"db.exclude", "x"}, {"db.name", "a"}});
        ASSERT_TRUE(settings) << hostile;
        EXPECT_EQ(settings->connection_options(),
                  (Words{"--uri=mongodb://127.0.0.1:27017/"
                         "?serverSelectionTimeoutMS=10000&connectTimeoutMS=10000",
                         "--username=" + hostile, "--authenticationDatabase=admin"}));
    }
    const auto hostile = load({{"db.name", "-f, $x"}});
    EXPECT_FALSE(hostile);
    const auto odd = load({{"db.name", "-f,a'b;c"}, {"db.exclude", "-f.--out,tmp_*,$("}});
    EXPECT_FALSE(odd) << "'$' is in no collection's name";
    const auto fine = load({{"db.name", "-f,a'b;c"}, {"db.exclude", "-f.--out,tmp_*"}});
    ASSERT_TRUE(fine) << fine.error().message;
    EXPECT_EQ(fine->selection_options("-f"), (Words{"--db=-f", "--excludeCollection=--out",
                                                    "--excludeCollectionsWithPrefix=tmp_"}));
    EXPECT_EQ(fine->selection_options("a'b;c"),
              (Words{"--db=a'b;c", "--excludeCollectionsWithPrefix=tmp_"}));
}

TEST(MongodbSettings, DefaultToEverythingOfTheServerItself) {
    const auto s = load({});
    ASSERT_TRUE(s);
    EXPECT_TRUE(s->all_databases());
    EXPECT_EQ(s->oplog, std::nullopt);
    EXPECT_EQ(s->connection_options().size(), 1u) << "no user, no login";
    EXPECT_TRUE(load({{"db.name", "*"}})->all_databases());
    EXPECT_EQ(load({{"db.user", "u"}, {"db.auth-db", "$external"}})->connection_options().back(),
              "--authenticationDatabase=$external");
}

TEST(MongodbSettings, QuoteAPasswordForYaml) {
    EXPECT_EQ(password_config("s3cr3t"), "password: \"s3cr3t\"\n");
    EXPECT_EQ(password_config("a: #b 'c' \"d\" \\e {{x}} ü"),
              "password: \"a: #b 'c' \\\"d\\\" \\\\e {{x}} ü\"\n");
    EXPECT_EQ(password_config("a\nb\tc\x7f"), "password: \"a\\x0Ab\\x09c\\x7F\"\n");
}

TEST(MongodbParts, AreNamedSoThatTheirDatabaseComesBack) {
    for (const std::string name : {"orders", "@all", "täble", "%67", "-f", "a'b"}) {
        const auto content = part_content(database_part(name));
        ASSERT_TRUE(content) << name;
        EXPECT_EQ(content->database, name);
        EXPECT_NE(database_part(name), kAllPart);
    }
    EXPECT_EQ(part_content(std::string(kAllPart))->database, "");
    EXPECT_TRUE(part_content(std::string(kAllWithOplogPart))->oplog);
    for (const std::string foreign : {"x", "x.sql", "%4.archive", ".archive", "a%2Eb.archive"})
        EXPECT_FALSE(part_content(foreign)) << foreign;
}

}  // namespace
}  // namespace bkt::mongodb
