// The table is what users may rely on: each row reads its own example and default and refuses what it must.
#include "core/config/label_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/config/label_value.hpp"
#include "core/config/split.hpp"

namespace bkt::config {
namespace {

const std::string kTooLong(5000, 'x');

TEST(LabelTable, ReadsItsOwnExamplesAndDefaults) {
    for (const auto& row : kLabels) {
        SCOPED_TRACE(std::string(row.key));
        EXPECT_FALSE(row.help.empty());
        EXPECT_LE(row.least, row.most);
        const auto example = check_label(row, row.example);
        EXPECT_TRUE(example) << example.error().message;
        EXPECT_TRUE(row.fallback.empty() || check_label(row, row.fallback));
    }
}

TEST(LabelTable, RefusesABadValueOfEveryKey) {
    const std::map<std::string_view, std::vector<std::string>> bad = {
        {"backup", {"banana", "2"}},
        {"name", {"a/b", "..", "-rf", std::string(65, 'a')}},
        {"db.engine", {"../../evil", "a b"}},
        {"db.name", {",", "a\nb", kTooLong}},
        {"db.user", {"a\tb", std::string(257, 'u')}},
        {"db.host", {std::string(257, 'h')}},
        {"db.port", {"0", "65536", "5432x", "0x10", "010", "-1", "+1"}},
        {"db.auth-db", {std::string(65, 'a')}},
        {"db.org", {std::string(257, 'o')}},
        {"db.secret", {"hunter2", "file:x", "env:", "env:A=B", "docker-secret:../x", ":x"}},
        {"db.password", {kTooLong}},
        {"db.include", {",", kTooLong}},
        {"db.exclude", {" , "}},
        {"db.only", {"schemas", "schema,data"}},
        {"db.format", {"custum"}},
        {"db.oplog", {"maybe"}},
        {"mode", {"exce"}},
        {"parallel", {"0", "17", "many", "1.5"}},
        {"command", {"dump > /tmp/x", "[]", "[1]", "[\"a\"", "'a", "$HOME/dump"}},
        {"command.validate", {"check | tee", ""}},
        {"command.end-marker", {std::string(257, 'm')}},
        {"command.restore", {"load > x", ""}},
        {"stores", {","}},
        {"compress", {"lzma", "zstd:20", "gzip:0"}},
        {"limit-rate", {"0", "fast", "2TiB"}},
        {"timeout", {"30", "0s", "4000d"}},
        {"encrypt", {std::string(257, 'e')}},
        {"schedule", {std::string(257, 's')}},
        {"timezone", {std::string(65, 't')}},
        {"after", {","}},
        {"group", {"a/b"}},
        {"priority", {"urgent"}},
        {"retries", {"11", "-1", "often"}},
        {"keep.last", {"3651", "all"}},
        {"keep.hourly", {"3651"}},
        {"keep.daily", {"3651"}},
        {"keep.weekly", {"3651"}},
        {"keep.monthly", {"3651"}},
        {"keep.yearly", {"3651"}},
        {"keep.within", {"30", "0d", "3651d"}},
        {"keep.min", {"3651"}},
        {"drill", {std::string(257, 'd')}},
        {"notify", {","}},
        {"hooks", {","}},
    };
    for (const auto& row : kLabels) {
        ASSERT_TRUE(bad.count(row.key)) << "no bad value of '" << row.key << "' is known here";
        for (const auto& value : bad.at(row.key)) {
            const auto checked = check_label(row, value);
            ASSERT_FALSE(checked) << row.key << "=" << value.substr(0, 80);
            EXPECT_EQ(checked.error().code, Code::invalid) << row.key;
            EXPECT_FALSE(checked.error().hint.empty()) << row.key << "=" << value.substr(0, 80);
            EXPECT_LT(checked.error().message.size(), 600u) << row.key;
        }
    }
}

TEST(LabelTable, HasEachWordOnce) {
    std::set<std::string> words;
    for (const auto& row : kLabels) {
        EXPECT_TRUE(words.insert(std::string(row.key)).second) << row.key;
        for (const auto& old : row.old)
            EXPECT_TRUE(old.key.empty() || words.insert(std::string(old.key)).second) << old.key;
    }
    std::set<std::string> names;
    for (const auto& engine : kEngineNames) {
        EXPECT_TRUE(names.insert(std::string(engine.name)).second) << engine.name;
        for (const auto& alias : split(engine.aliases, ','))
            EXPECT_TRUE(names.insert(alias).second) << alias;
    }
}

TEST(LabelTable, NamesOnlyEnginesItKnows) {
    for (const auto& row : kLabels)
        for (const auto& word :
             split(row.engines.starts_with('!') ? row.engines.substr(1) : row.engines, ','))
            EXPECT_EQ(std::count_if(kEngineNames.begin(), kEngineNames.end(),
                                    [&](const auto& engine) { return engine.name == word; }),
                      1)
                << row.key << ": " << word;
}

TEST(LabelTable, SaysWhichKeyWasMeant) {
    const struct {
        const char *written, *meant;
    } kCases[] = {{"bakup", "backup"},
                  {"db.nmae", "db.name"},
                  {"db.pasword", "db.password"},
                  {"compres", "compress"},
                  {"keep.dayly", "keep.daily"},
                  {"paralel", "parallel"},
                  {"db.engin", "db.engine"},
                  {"comand", "command"},
                  {"sceduled", "schedule"},
                  {"zzzzzzzzzz", ""},
                  {"", ""}};
    for (const auto& c : kCases) EXPECT_EQ(nearest_label(c.written), c.meant) << c.written;
}

TEST(LabelTable, ReadsOlderSpellingsInTodaysForm) {
    const struct {
        const char *old, *value, *key, *today;
    } kCases[] = {
        {"backup.compress", "gzip", "compress", "gzip"},
        {"backup.priority", "high", "priority", "high"},
        {"backup.encrypt", "true", "encrypt", "true"},
        {"backup.retention.days", "30", "keep.within", "30d"},
        {"backup.retention.count", "0", "keep.last", "0"},
        {"db.all", "true", "db.name", "*"},
        {"db.all", "off", "db.name", nullptr},
        {"db.password-file", "/run/pw", "db.secret", "file:/run/pw"},
        {"db.password_file", "env:PW", "db.secret", "env:PW"},
    };
    for (const auto& c : kCases) {
        SCOPED_TRACE(std::string(c.old) + "=" + c.value);
        const auto* old = find_old_spelling(c.old);
        ASSERT_TRUE(old);
        EXPECT_EQ(find_label(c.old), find_label(c.key));
        const auto today = from_old_spelling(*old, c.value);
        ASSERT_TRUE(today) << today.error().message;
        EXPECT_EQ(today->value_or("nothing"), c.today ? c.today : "nothing");
    }
    EXPECT_EQ(find_old_spelling("compress"), nullptr);
    EXPECT_EQ(find_old_spelling(""), nullptr);
}

TEST(LabelTable, KeepsTheBoundsOfOlderSpellings) {
    const struct {
        const char *old, *value;
    } kCases[] = {{"backup.retention.days", "0"},     {"backup.retention.days", "3651"},
                  {"backup.retention.days", "1 day"}, {"backup.retention.count", "1001"},
                  {"backup.retention.days", "010"},   {"db.all", "*"}};
    for (const auto& c : kCases) {
        const auto today = from_old_spelling(*find_old_spelling(c.old), c.value);
        ASSERT_FALSE(today) << c.old << "=" << c.value;
        EXPECT_FALSE(today.error().hint.empty()) << c.old;
    }
}

TEST(LabelTable, SaysToWhichEngineAKeySpeaks) {
    const struct {
        const char *key, *engine;
        bool applies;
    } kCases[] = {
        {"compress", "redis", true},     {"db.format", "postgres", true},
        {"db.format", "redis", false},   {"db.user", "mysql", true},
        {"db.user", "sqlite", false},    {"db.only", "mariadb", true},
        {"db.only", "mongodb", false},   {"db.format", "com.acme.engine", true},
        {"command", "com.acme.e", true}, {"command", "postgres", false},
    };
    for (const auto& c : kCases)
        EXPECT_EQ(applies(*find_label(c.key), c.engine), c.applies) << c.key << " " << c.engine;
}

TEST(LabelTable, KnowsEnginesByTheirOtherNames) {
    EXPECT_EQ(engine_name("postgresql"), "postgres");
    EXPECT_EQ(engine_name("mongo"), "mongodb");
    EXPECT_EQ(engine_name("valkey"), "redis");
    EXPECT_EQ(engine_name("sqlite"), "sqlite");
    EXPECT_EQ(engine_name("com.acme.engine"), "com.acme.engine");
}

}  // namespace
}  // namespace bkt::config
