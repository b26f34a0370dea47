#include "core/config/argv.hpp"

#include <gtest/gtest.h>

namespace bkt::config {
namespace {

using Argv = std::vector<std::string>;

TEST(Argv, IsReadAsJsonOrAsQuotedWords) {
    const struct {
        const char* name;
        const char* text;
        Argv argv;
    } kCases[] = {
        {"plain words", "tool dump --all", {"tool", "dump", "--all"}},
        {"blanks around", "  tool   x ", {"tool", "x"}},
        {"single quotes keep everything", "sh -c 'a | b > \"$C\"'", {"sh", "-c", "a | b > \"$C\""}},
        {"double quotes", "tool \"a b\" \"q\\\"q\" \"\\$HOME\"", {"tool", "a b", "q\"q", "$HOME"}},
        {"a backslash that escapes nothing stays", "t \"a\\nb\"", {"t", "a\\nb"}},
        {"an escaped blank", "tool a\\ b", {"tool", "a b"}},
        {"quotes inside a word", "--x='a b'c", {"--x=a bc"}},
        {"an empty word", "tool ''", {"tool", ""}},
        {"a tilde and a hash inside a word", "a~ b#c", {"a~", "b#c"}},
        {"JSON", "[\"tool\", \"a b\", \"$x\"]", {"tool", "a b", "$x"}},
        {"JSON with blanks before", " [\"t\"]", {"t"}},
    };
    for (const auto& c : kCases) {
        const auto argv = parse_argv(c.text);
        ASSERT_TRUE(argv) << c.name << ": " << argv.error().message;
        EXPECT_EQ(*argv, c.argv) << c.name;
        EXPECT_EQ(*parse_argv(to_text(*argv)), c.argv) << c.name;
    }
}

TEST(Argv, RefusesWhatAShellWouldActOn) {
    for (const char* text :
         {"a $HOME", "a \"$HOME\"", "a `id`", "a \"`id`\"", "a | b", "a && b", "a; b", "a > f",
          "a < f", "(a)", "a *", "a ?", "a b[1]", "~/a", "a # b"}) {
        const auto argv = parse_argv(text);
        ASSERT_FALSE(argv) << text;
        EXPECT_NE(argv.error().message.find("no shell"), std::string::npos) << text;
        EXPECT_NE(argv.error().hint.find("sh -c"), std::string::npos) << text;
    }
}

TEST(Argv, RefusesWhatIsNoCommand) {
    const std::string many = [] {
        std::string text = "a";
        for (std::size_t i = 0; i < kMaxArgs; ++i) text += " b";
        return text;
    }();
    for (const std::string& text :
         {std::string(), std::string("   "), std::string("''"), std::string("[]"),
          std::string("[\"\"]"), std::string("[1]"), std::string("[\"a\"] x"),
          std::string("[\"a\\u0000b\"]"), std::string("'a"), std::string("\"a"), std::string("a\\"),
          std::string("a \xff"), many})
        EXPECT_FALSE(parse_argv(text)) << text.substr(0, 40);
}

}  // namespace
}  // namespace bkt::config
