#include "plugins/storage/local/key.hpp"

#include <gtest/gtest.h>

namespace bkt::local {
namespace {

struct Case {
    const char* name;
    std::string key;
};
const Case kRefused[] = {
    {"empty", ""},
    {"absolute", "/etc/passwd"},
    {"a parent", "a/../b"},
    {"only a parent", ".."},
    {"here", "a/./b"},
    {"an empty segment", "a//b"},
    {"a trailing slash", "a/"},
    {"a NUL byte", std::string("a\0b", 3)},
    {"a line break", "a\nb"},
    {"a backslash", "a\\b"},
    {"a space", "a b"},
    {"not ASCII", "täg"},
    {"1025 bytes", std::string(255, 'a') + "/" + std::string(255, 'a') + "/" +
                       std::string(255, 'a') + "/" + std::string(255, 'a') + "/b"},
    {"a segment of 256 bytes", std::string(256, 'a') + "/b"},
    {"a name that cannot be staged", std::string(240, 'a')},
    {"a staged file's name", "a/b.partial-0123456789abcdef"},
};

TEST(Key, RefusesWhatLeavesTheRootOrCannotBeAName) {
    for (const auto& c : kRefused) {
        const auto key = parse_key(c.key);
        ASSERT_FALSE(key) << c.name;
        EXPECT_EQ(key.error().code, Code::invalid) << c.name;
        EXPECT_EQ(key.error().message.find('\n'), std::string::npos);
        EXPECT_LT(key.error().message.size(), 260u) << c.name;
    }
}

TEST(Key, IsSplitIntoFoldersAndAName) {
    const auto key = parse_key("a.b/%2F=c@d,e+f/-x_");
    ASSERT_TRUE(key);
    EXPECT_EQ(key->folders, (std::vector<std::string>{"a.b", "%2F=c@d,e+f"}));
    EXPECT_EQ(key->name, "-x_");
    EXPECT_TRUE(parse_key("x.partial-zz"));  // only what staging makes is reserved
    EXPECT_TRUE(parse_key("...") && parse_key("..a"));
}

}  // namespace
}  // namespace bkt::local
