#include "plugins/engines/custom/settings.hpp"

#include <gtest/gtest.h>

#include "baktainer/testing/fake_host.hpp"

namespace bkt::custom {
namespace {

using Config = std::map<std::string, std::string>;

Result<Settings> load(Config config) {
    testing::FakeHost host;
    host.config = std::move(config);
    testing::FakeCall fake(host.raw());
    return Settings::load(fake.call());
}

TEST(CustomSettings, AreWordsAndBytes) {
    const auto s = load({{"command", R"j(["/x y","$(reboot)","","-f ü"])j"},
                         {"command.validate", R"(["check","-"])"},
                         {"command.restore", R"(["load"])"},
                         {"command.end-marker", R"(-- \\end\x00\xfF\r\n\t)"}});
    ASSERT_TRUE(s) << s.error().message;
    EXPECT_EQ(s->command, (Argv{"/x y", "$(reboot)", "", "-f ü"}));
    EXPECT_EQ(s->validate, (Argv{"check", "-"}));
    EXPECT_EQ(s->restore, Argv{"load"});
    EXPECT_EQ(s->end_marker, std::string("-- \\end\0\xff\r\n\t", 12));
}

struct Refused {
    const char* name;
    Config config;
    const char* key;
};
const Refused kRefused[] = {
    {"no command", {{"command.end-marker", "x"}}, "'command'"},
    {"no way to tell a whole one", {{"command", R"(["x"])"}}, "'command'"},
    {"no JSON", {{"command", "x --all"}, {"command.end-marker", "x"}}, "'command'"},
    {"no array", {{"command", R"("x")"}, {"command.end-marker", "x"}}, "'command'"},
    {"a number", {{"command", R"(["x",1])"}, {"command.end-marker", "x"}}, "'command'"},
    {"no word", {{"command", "[]"}, {"command.end-marker", "x"}}, "'command'"},
    {"an empty program", {{"command", R"(["","x"])"}, {"command.end-marker", "x"}}, "'command'"},
    {"NUL", {{"command", R"(["x\u0000"])"}, {"command.end-marker", "x"}}, "'command'"},
    {"a validator of no words",
     {{"command", R"(["x"])"}, {"command.validate", "[]"}},
     "'command.validate'"},
    {"a restore that is text",
     {{"command", R"(["x"])"}, {"command.end-marker", "x"}, {"command.restore", "sh -c"}},
     "'command.restore'"},
    {"a backslash at the end",
     {{"command", R"(["x"])"}, {"command.end-marker", R"(x\)"}},
     "'command.end-marker'"},
    {"a backslash before anything",
     {{"command", R"(["x"])"}, {"command.end-marker", R"(\d)"}},
     "'command.end-marker'"},
    {"half a byte",
     {{"command", R"(["x"])"}, {"command.end-marker", R"(\x1)"}},
     "'command.end-marker'"},
    {"a marker too long",
     {{"command", R"(["x"])"}, {"command.end-marker", std::string(1025, 'm')}},
     "'command.end-marker'"},
};

TEST(CustomSettings, RefuseWhatCannotBeRunOrProved) {
    for (const auto& c : kRefused) {
        SCOPED_TRACE(c.name);
        const auto s = load(c.config);
        ASSERT_FALSE(s);
        EXPECT_EQ(s.error().code, Code::invalid);
        EXPECT_NE(s.error().message.find(c.key), std::string::npos) << s.error().message;
        EXPECT_FALSE(s.error().hint.empty());
    }
}

}  // namespace
}  // namespace bkt::custom
