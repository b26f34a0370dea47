// The password appears nowhere: not in an argv, not in the most verbose log, not in what is stored.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/integration/postgres/postgres_box.hpp"

namespace bkt::test {
namespace {

class Secrets : public ::testing::Test {
protected:
    void SetUp() override { BKT_NEED_IMAGE(kPostgresImage); }

    static std::string every_argv() {
        std::string all;
        for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
            std::ifstream in(entry.path() / "cmdline", std::ios::binary);
            std::stringstream text;
            text << in.rdbuf();
            all += text.str() + "\n";
        }
        return all;
    }
};

// Of this test alone: others put theirs on the command lines of their own `docker run`.
std::string own_password() {
    static const std::string password = unique_name("s3cr3t-Pässwörd");
    return password;
}

TEST_F(Secrets, StayOutOfArgvLogsStoreAndState) {
    // Over the container's own address the password is really asked for.
    const struct {
        const char* name;
        std::vector<std::string> labels;
    } kCases[] = {
        {"from the image's environment", {}},
        {"by reference", {"db.secret=env:POSTGRES_PASSWORD"}},
        {"from a file in the container", {"db.secret=file:/tmp/pw"}},
        {"from a program of this machine", {"db.secret=vault:password"}},
        {"plain in a label", {"db.password=" + own_password()}},
    };
    for (const auto& c : kCases) {
        SCOPED_TRACE(c.name);
        auto labels = c.labels;
        labels.insert(labels.end(), {"db.host=pgbox", "limit-rate=10MiB", "compress=none"});
        PostgresBox pg(labels, {"-e", "POSTGRES_PASSWORD=" + own_password()});
        pg.sql(kFiller);
        pg.box().must_sh("printf '%s\\n' \"$POSTGRES_PASSWORD\" > /tmp/pw; chmod 644 /tmp/pw");
        Baktainer program(PostgresBox::discovery());
        std::ofstream(program.home() + "/vault-password") << own_password() << "\n";
        program.configure("secrets: { vault: { type: command, command: [cat, \"" + program.home() +
                          "/vault-{}\"] } }");
        const auto run = program.start({"-vv", "--output", "json", "backup", pg.name()});
        std::string argvs;
        bool dumping = false;
        while (run->running()) {
            argvs = every_argv();
            dumping = dumping || argvs.find("pg_dump") != std::string::npos;
            EXPECT_EQ(argvs.find(own_password()), std::string::npos);
        }
        const auto done = run->wait();
        EXPECT_EQ(done.exit_code, 0) << done.out << done.err;
        EXPECT_TRUE(dumping) << "no look was taken while pg_dump ran";
        EXPECT_EQ((done.out + done.err).find(own_password()), std::string::npos);
        EXPECT_FALSE(program.keeps(own_password()));
        for (const auto& args :
             std::vector<std::vector<std::string>>{{"targets", "explain", pg.name()},
                                                   {"-vv", "doctor"},
                                                   {"show", pg.name()},
                                                   {"--output", "json", "targets"}}) {
            const auto shown = program.run(args);
            EXPECT_EQ((shown.out + shown.err).find(own_password()), std::string::npos)
                << args.front();
        }
        // A tool that prints what it was given is scrubbed too.
        pg.box().must_sh(
            "p=$(readlink -f $(command -v pg_dump)); mv $p $p.real; printf '%s\\n' '#!/bin/sh' "
            "'case \"$*\" in -V|--version) exec '$p'.real \"$@\";; esac' "
            "'echo \"my password is $PGPASSWORD\" >&2' 'exit 1' > $p; chmod 755 $p");
        const auto failed = program.run({"-vv", "backup", pg.name()});
        EXPECT_EQ(failed.exit_code, 1);
        EXPECT_NE(failed.err.find("my password is ***"), std::string::npos) << failed.err;
        EXPECT_EQ((failed.out + failed.err).find(own_password()), std::string::npos);
    }
}

}  // namespace
}  // namespace bkt::test
