// Settings as an operator writes them, against what a plugin declares.
#include "core/plugin/config_schema.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "baktainer/schema.hpp"
#include "core/config/secret_value.hpp"
#include "tests/support/temp_dir.hpp"

namespace bkt::plugin {
namespace {

using Options = std::map<std::string, std::string>;

std::string schema() {
    return schema_json({text("url", "Where to").required(),
                        integer("retries").range(0, 9).or_else(3), boolean("loud").or_else(false),
                        text("level").one_of({"low", "high"}), secret("token", "Of the service")});
}

TEST(ConfigSchema, FillsInWhatIsNotSetAndSpellsTruthsAlike) {
    const auto made = configure(schema(), {{"url", "u"}, {"loud", "Yes"}}, true);
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ(made->config, (Options{{"url", "u"}, {"loud", "true"}, {"retries", "3"}}));
    EXPECT_TRUE(made->secrets.empty());
}

TEST(ConfigSchema, NamesTheSettingAndNeverItsValue) {
    struct Case {
        const char* name;
        Options options;
        const char* says;
        const char* hints;
    };
    const Case cases[] = {
        {"required", {}, "'url' is not set", "Where to"},
        {"unknown",
         {{"url", "u"}, {"retires", "9"}},
         "unknown option 'retires'",
         "did you mean 'retries'?"},
        {"unknown file",
         {{"url", "u"}, {"tokn_file", "/x"}},
         "unknown option 'tokn_file'",
         "'token_file'"},
        {"no number", {{"url", "u"}, {"retries", "T0p"}}, "'retries' is not a whole number", ""},
        {"half a number",
         {{"url", "u"}, {"retries", "1T0p"}},
         "'retries' is not a whole number",
         ""},
        {"too large", {{"url", "u"}, {"retries", "10"}}, "'retries' is above 9", ""},
        {"too small", {{"url", "u"}, {"retries", "-1"}}, "'retries' is below 0", ""},
        {"no truth", {{"url", "u"}, {"loud", "T0p"}}, "'loud' is neither", ""},
        {"no such word", {{"url", "u"}, {"level", "T0p"}}, "'level' is not one of low, high", ""},
        {"a bare secret", {{"url", "u"}, {"token", "T0p"}}, "'token' is a secret", "token_file"},
        {"a scheme we lack", {{"url", "u"}, {"token", "vault:T0p"}}, "'token' is a secret", ""},
        {"a relative file",
         {{"url", "u"}, {"token_file", "x"}},
         "'token_file' is not an absolute",
         ""},
        {"twice", {{"url", "u"}, {"url_file", "/x"}}, "'url' is given twice", ""},
        {"no such file",
         {{"url_file", "/nowhere/u"}},
         "cannot read the secret file '/nowhere/u'",
         ""},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.name);
        const auto made = configure(schema(), c.options, true);
        ASSERT_FALSE(made);
        EXPECT_NE(made.error().message.find(c.says), std::string::npos) << made.error().message;
        EXPECT_NE(made.error().hint.find(c.hints), std::string::npos) << made.error().hint;
        EXPECT_EQ((made.error().message + made.error().hint).find("T0p"), std::string::npos);
    }
}

TEST(ConfigSchema, ReadsASettingFromAFileAndASecretLater) {
    const test::TempDir dir;
    std::ofstream(dir.path() + "/url") << "https://example.com/hook\n";
    const auto made = configure(
        schema(), {{"url_file", dir.path() + "/url"}, {"token_file", dir.path() + "/token"}}, true);
    ASSERT_TRUE(made) << made.error().message << " (the secret's file need not be there yet)";
    EXPECT_EQ(made->config.at("url"), "https://example.com/hook");
    EXPECT_FALSE(made->config.contains("token"));
    const auto reference = made->secrets.at("token");
    EXPECT_EQ(config::read_secret(reference).error().code, Code::not_found);
    std::ofstream(dir.path() + "/token") << "hunter22\n";
    EXPECT_EQ(config::read_secret(reference)->reveal(), "hunter22");
}

TEST(ConfigSchema, LeavesAnEngineTheJobsOtherSettings) {
    const auto made = configure(schema(), {{"url", "u"}, {"db.name", "x"}}, false);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->config.at("db.name"), "x");
}

TEST(ConfigSchema, BlamesABrokenSchemaOnItsAuthor) {
    for (const char* broken : {"", "{", "[]", R"({"properties":[]})", R"({"properties":{"url":7}})",
                               R"({"properties":{"url":{"type":7}}})"}) {
        const auto made = configure(broken, {{"url", "u"}}, true);
        ASSERT_FALSE(made) << broken;
        EXPECT_EQ(made.error().code, Code::fault) << broken << ": " << made.error().message;
    }
}

}  // namespace
}  // namespace bkt::plugin
