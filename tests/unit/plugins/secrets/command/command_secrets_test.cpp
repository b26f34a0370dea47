// What the provider asks a program for, and what it refuses to ask.
#include "plugins/secrets/command/command_secrets.hpp"

#include <gtest/gtest.h>

#include "baktainer/testing/fake_host.hpp"

namespace bkt::command_secrets {
namespace {

using testing::FakeCall;
using testing::FakeHost;

class CommandSecretsTest : public ::testing::Test {
protected:
    FakeHost host_;
    FakeCall call_{host_.raw()};
    Call told_ = call_.call();
    ExecOutcome outcome_{};
    std::string says_ = "hunter22\n";

    void SetUp() override {
        host_.config["command"] = R"(["vault","get","-field=pw","kv/{}#{}"])";
        host_.config["allow"] = R"(["db/*"])";
        outcome_.exit_code = 0;
        host_.exec = [this](Call&, const ExecRequest& r) -> Result<ExecOutcome> {
            if (r.out) BKT_TRY(r.out->write(as_bytes(says_)));
            return outcome_;
        };
    }
    Result<std::string> resolve(std::string_view ref) {
        BKT_LET(const auto provider, CommandSecrets::create(told_));
        BKT_LET(auto value, provider->resolve(told_, ref));
        return std::move(value.bytes);
    }
};

TEST_F(CommandSecretsTest, AsksTheProgramWithTheReferenceInItsPlace) {
    const auto secret = resolve("db/shop");
    ASSERT_TRUE(secret) << secret.error().message;
    EXPECT_EQ(*secret, "hunter22");
    EXPECT_EQ(host_.requests.at(0).argv,
              (std::vector<std::string>{"vault", "get", "-field=pw", "kv/db/shop#db/shop"}));
}

TEST_F(CommandSecretsTest, APlaceInAReferenceIsTakenAsItStands) {
    host_.config["allow"] = R"(["*"])";
    ASSERT_TRUE(resolve("a{}b"));
    EXPECT_EQ(host_.requests.at(0).argv.back(), "kv/a{}b#a{}b");
}

TEST_F(CommandSecretsTest, OnlyOneNewlineIsNoPartOfTheSecret) {
    says_ = "two lines\n\n";
    EXPECT_EQ(*resolve("db/x"), "two lines\n");
    says_ = " ";
    EXPECT_EQ(*resolve("db/x"), " ");
}

TEST_F(CommandSecretsTest, RefusesWithoutAsking) {
    const struct {
        const char* name;
        std::string ref;
        Code code;
    } kCases[] = {
        {"an option", "-rf", Code::invalid},
        {"a line break", "db/a\nb", Code::invalid},
        {"nothing", "", Code::invalid},
        {"much", "db/" + std::string(1100, 'x'), Code::invalid},
        {"what is not allowed", "mail/root", Code::denied},
        {"an allowed one with something before it", "x/db/y", Code::denied},
    };
    for (const auto& c : kCases) {
        const auto secret = resolve(c.ref);
        ASSERT_FALSE(secret) << c.name;
        EXPECT_EQ(secret.error().code, c.code) << c.name;
    }
    EXPECT_TRUE(host_.requests.empty());
}

TEST_F(CommandSecretsTest, AProgramThatFailsIsAFailureWithItsOwnWords) {
    outcome_.exit_code = 2;
    outcome_.stderr_tail = "permission denied\n";
    const auto secret = resolve("db/shop");
    ASSERT_FALSE(secret);
    for (const char* part : {"db/shop", "vault", "permission denied"})
        EXPECT_NE(secret.error().message.find(part), std::string::npos) << secret.error().message;
    EXPECT_EQ(secret.error().message.find("hunter22"), std::string::npos);
}

TEST_F(CommandSecretsTest, AProgramThatWritesNothingHasNoSecret) {
    says_ = "\n";
    const auto secret = resolve("db/shop");
    ASSERT_FALSE(secret);
    EXPECT_EQ(secret.error().code, Code::not_found);
}

TEST_F(CommandSecretsTest, IsNotOpenedWithACommandThatCannotAsk) {
    const struct {
        const char *name, *command;
    } kCases[] = {{"no list", "pass show {}"},
                  {"empty", "[]"},
                  {"a number", R"(["pass", 3, "{}"])"},
                  {"an empty word", R"(["pass", "", "{}"])"},
                  {"no place for the reference", R"(["pass", "show"])"},
                  {"a program that the reference names", R"(["{}", "{}"])"}};
    for (const auto& c : kCases) {
        host_.config["command"] = c.command;
        const auto opened = CommandSecrets::create(told_);
        ASSERT_FALSE(opened) << c.name;
        EXPECT_EQ(opened.error().code, Code::invalid) << c.name;
    }
}

}  // namespace
}  // namespace bkt::command_secrets
