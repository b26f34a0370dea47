#include "plugins/discovery/local/targets.hpp"

#include <gtest/gtest.h>

namespace bkt::local_host {
namespace {

TEST(Targets, BecomeLabelledTargetsOfThisMachine) {
    const auto targets = parse_targets(
        R"([{"name": "notes", "db.engine": "sqlite", "db.name": "/srv/notes.db", "keep.daily": 7, "verify": true},
            {"name": "off", "backup": false}])");
    ASSERT_TRUE(targets);
    ASSERT_EQ(targets->size(), 2u);
    const auto& notes = targets->front();
    EXPECT_EQ(notes.id, "notes");
    EXPECT_EQ(notes.state, "running");
    EXPECT_TRUE(notes.host_files);
    using Labels = std::vector<std::pair<std::string, std::string>>;
    EXPECT_EQ(notes.labels, (Labels{{"baktainer.backup", "true"},
                                    {"baktainer.db.engine", "sqlite"},
                                    {"baktainer.db.name", "/srv/notes.db"},
                                    {"baktainer.keep.daily", "7"},
                                    {"baktainer.verify", "true"}}));
    EXPECT_EQ((*targets)[1].labels, (Labels{{"baktainer.backup", "false"}}));
    const auto lists = parse_targets(
        R"([{"name": "l", "db.name": ["a", "b"], "command": ["dump", "a,b"], "command.restore": ["load"]}])");
    ASSERT_TRUE(lists);
    EXPECT_EQ(lists->front().labels, (Labels{{"baktainer.backup", "true"},
                                             {"baktainer.command", R"(["dump","a,b"])"},
                                             {"baktainer.command.restore", R"(["load"])"},
                                             {"baktainer.db.name", "a,b"}}));
    EXPECT_TRUE(parse_targets("")->empty());
    EXPECT_TRUE(parse_targets("[]")->empty());
}

struct Refused {
    const char* name;
    const char* json;
    const char* words;  // the message says where
};
const Refused kRefused[] = {
    {"no JSON", "notes", "not JSON"},
    {"cut JSON", "[{\"name\": \"a\"", "not JSON"},
    {"an object", "{}", "not a list"},
    {"a text in the list", "[\"a\"]", "target 1"},
    {"no name", "[{\"name\": \"a\"}, {\"db.name\": \"x\"}]", "target 2"},
    {"a list of lists", "[{\"name\": \"a\", \"db.name\": [[\"b\"]]}]", "plain words"},
    {"a name that is a number", "[{\"name\": 7}]", "target 1"},
    {"a name that is an option", "[{\"name\": \"-f\"}]", "target 1"},
    {"a name that leaves its folder", "[{\"name\": \"../x\"}]", "target 1"},
    {"a name twice", "[{\"name\": \"a\"}, {\"name\": \"a\"}]", "'a'"},
    {"an object as a value", "[{\"name\": \"a\", \"db.name\": {\"b\": 1}}]",
     "'db.name' of local target 'a'"},
    {"a fraction", "[{\"name\": \"a\", \"x\": 1.5}]", "'x' of local target 'a'"},
};

TEST(Targets, RefuseAListThatIsWrongAndSayWhere) {
    for (const auto& c : kRefused) {
        const auto targets = parse_targets(c.json);
        ASSERT_FALSE(targets) << c.name;
        EXPECT_EQ(targets.error().code, Code::invalid);
        EXPECT_NE(targets.error().message.find(c.words), std::string::npos)
            << targets.error().message;
        EXPECT_FALSE(targets.error().hint.empty());
    }
}

}  // namespace
}  // namespace bkt::local_host
