// A setting from a file, a secret by reference, and never the secret itself.
#include "core/plugin/setting_sources.hpp"

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

TEST(SettingSources, NamesTheSettingAndNeverItsValue) {
    struct Case {
        const char* name;
        Options options;
        const char* says;
        const char* hints;
    };
    const Case cases[] = {
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
        const auto made = sourced(schema(), c.options);
        ASSERT_FALSE(made);
        EXPECT_NE(made.error().message.find(c.says), std::string::npos) << made.error().message;
        EXPECT_NE(made.error().hint.find(c.hints), std::string::npos) << made.error().hint;
        EXPECT_EQ((made.error().message + made.error().hint).find("T0p"), std::string::npos);
    }
}

TEST(SettingSources, ReadsASettingFromAFileAndASecretLater) {
    const test::TempDir dir;
    std::ofstream(dir.path() + "/url") << "https://example.com/hook\n";
    const auto made = sourced(
        schema(), {{"url_file", dir.path() + "/url"}, {"token_file", dir.path() + "/token"}});
    ASSERT_TRUE(made) << made.error().message << " (the secret's file need not be there yet)";
    EXPECT_EQ(made->config.at("url"), "https://example.com/hook");
    EXPECT_FALSE(made->config.contains("token"));
    const auto reference = made->secrets.at("token");
    EXPECT_EQ(config::read_secret(reference).error().code, Code::not_found);
    std::ofstream(dir.path() + "/token") << "hunter22\n";
    EXPECT_EQ(config::read_secret(reference)->reveal(), "hunter22");
}

TEST(SettingSources, LeavesToTheSchemaWhatItDoesNotKnow) {
    const auto made = sourced(schema(), {{"retires", "9"}, {"tokn_file", "/x"}});
    ASSERT_TRUE(made);
    EXPECT_EQ(made->config, (Options{{"retires", "9"}, {"tokn_file", "/x"}}));
}

}  // namespace
}  // namespace bkt::plugin
