// A job's password from a secrets provider: a program that is asked when the backup runs.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "tests/support/baktainer.hpp"

namespace bkt::test {
namespace {

constexpr const char* kPassword = "hunter22-of-the-vault";

class ProvidedSecret : public ::testing::Test {
protected:
    TempDir data_;

    // The job's tool writes the password it was given to a file of this test.
    std::unique_ptr<Baktainer> job(const std::string& reference, const std::string& more = "") {
        std::ofstream(data_.path() + "/vault.sh")
            << "echo \"$1\" >> " << data_.path() << "/asked\n"
            << "case $1 in db/shop) echo " << kPassword << " ;; db/empty) ;;\n"
            << "db/slow) sleep 555 ;; *) echo \"no secret '$1'\" >&2; exit 3 ;; esac\n";
        auto program = std::make_unique<Baktainer>(
            "  local: { targets: [ { name: shop, db.engine: custom, db.secret: \"" + reference +
            "\", command: [sh, -c, 'printf %s \"$BAKTAINER_PASSWORD\" > " + data_.path() +
            "/given; echo end'], command.end-marker: 'end\\n' } ] }");
        program->configure("secrets:\n  vault: { type: command, command: [sh, " + data_.path() +
                           "/vault.sh, \"{}\"]" + more + " }\n");
        return program;
    }
    std::string asked() const { return content("asked"); }
    std::string content(const std::string& name) const {
        std::ifstream in(data_.path() + "/" + name);
        std::stringstream all;
        all << in.rdbuf();
        return all.str();
    }
};

TEST_F(ProvidedSecret, IsAskedForOnceARunAndKeptNowhere) {
    const auto program = job("vault:db/shop");
    const auto done = program->run({"-vv", "backup", "shop"});
    ASSERT_EQ(done.exit_code, 0) << done.out << done.err;
    EXPECT_EQ(asked(), "db/shop\n");
    EXPECT_EQ(content("given"), kPassword);
    EXPECT_EQ((done.out + done.err).find(kPassword), std::string::npos);
    EXPECT_FALSE(program->keeps(kPassword));
}

TEST_F(ProvidedSecret, ThatCannotBeHadFailsTheRunAndSaysWhy) {
    const struct {
        const char *name, *reference, *more;
        std::vector<const char*> said;
    } kCases[] = {
        {"unknown there", "vault:db/shpo", "", {"secrets 'vault'", "no secret 'db/shpo'"}},
        {"empty", "vault:db/empty", "", {"secrets 'vault'", "wrote nothing"}},
        {"not allowed", "vault:db/shop", ", allow: [\"mail/*\"]", {"'allow'", "db/shop"}},
        {"an option", "vault:--help", "", {"is no name of a secret"}},
    };
    for (const auto& c : kCases) {
        const auto program = job(c.reference, c.more);
        const auto done = program->run({"backup", "shop"});
        EXPECT_NE(done.exit_code, 0) << c.name;
        for (const char* part : c.said)
            EXPECT_NE(done.err.find(part), std::string::npos) << c.name << ": " << done.err;
        EXPECT_TRUE(program->stored().empty()) << c.name;
    }
}

TEST_F(ProvidedSecret, OfAProviderThatIsNotConfiguredBlocksTheJob) {
    const auto program = job("volt:db/shop");
    const auto done = program->run({"backup", "shop"});
    EXPECT_NE(done.exit_code, 0);
    EXPECT_NE(done.err.find("no secrets provider"), std::string::npos) << done.err;
    EXPECT_EQ(asked(), "");
}

TEST_F(ProvidedSecret, IsCheckedAndShownWithTheConfiguration) {
    const auto good = job("vault:db/shop");
    EXPECT_EQ(good->run({"config", "check"}).exit_code, 0);
    const auto health = good->run({"doctor"});
    EXPECT_NE(health.out.find("secrets vault: runs 'sh "), std::string::npos) << health.out;
    const auto shown = good->run({"config", "show"});
    EXPECT_NE(shown.out.find("secrets.vault.command"), std::string::npos) << shown.out;
    EXPECT_NE(shown.out.find("vault.sh"), std::string::npos) << shown.out;

    auto wrong = job("vault:db/shop");
    wrong->configure("secrets:\n  vault: { type: command, command: [pass, show] }\n");
    const auto told = wrong->run({"config", "check"});
    EXPECT_EQ(told.exit_code, 2) << told.err;
    EXPECT_NE(told.err.find("has no {}"), std::string::npos) << told.err;
    wrong->configure("secrets:\n  env: { type: command, command: [pass, show, \"{}\"] }\n");
    const auto named = wrong->run({"config", "check"});
    EXPECT_EQ(named.exit_code, 2) << named.err;
    EXPECT_NE(named.err.find("'secrets.env' cannot be a provider's name"), std::string::npos)
        << named.err;
}

}  // namespace
}  // namespace bkt::test
