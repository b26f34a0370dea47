// A label's value is data: never an option, never a shell word, never SQL, never a connection string.
#include <filesystem>

#include "tests/integration/postgres/postgres_box.hpp"

namespace bkt::test {
namespace {

class HostileLabels : public ::testing::Test {
protected:
    void SetUp() override { BKT_NEED_IMAGE(kPostgresImage); }
    Baktainer program_{PostgresBox::discovery()};
};

TEST_F(HostileLabels, NeverBecomeAnythingButTheNameOfNoDatabase) {
    const struct {
        const char* name;
        const char* key;
        std::string value;
    } kCases[] = {
        {"an option", "db.name", "-f/tmp/pwned"},
        {"a long option", "db.name", "--file=/tmp/pwned"},
        {"a command substitution", "db.name", "$(touch /tmp/pwned)"},
        {"backticks", "db.name", "`touch /tmp/pwned`"},
        {"a second command", "db.name", "shop; touch /tmp/pwned"},
        {"a pipe", "db.name", "shop | touch /tmp/pwned"},
        {"quotes and SQL", "db.name", "shop'; COPY (SELECT 1) TO '/tmp/pwned'; --"},
        {"double quotes and SQL", "db.name", "shop\"; DROP DATABASE shop; --"},
        {"a connection string", "db.name", "dbname=shop host=/tmp options=-cfoo=bar"},
        {"a connection URI", "db.name", "postgresql://evil.example/shop"},
        {"a backslash command", "db.name", "\\! touch /tmp/pwned"},
        {"a line break", "db.name", "shop\ntouch /tmp/pwned"},
        {"64 KiB", "db.name", std::string(65536, 'A')},
        {"longer than a name may be", "db.name", std::string(300, 'n')},
        {"a path", "db.name", "../../../tmp/pwned"},
        {"an option as user", "db.user", "--file=/tmp/pwned"},
        {"a shell as user", "db.user", "$(touch /tmp/pwned)"},
        {"an option as host", "db.host", "-f/tmp/pwned"},
        {"a shell as host", "db.host", "localhost;touch /tmp/pwned"},
        {"a port with more", "db.port", "5432 --file=/tmp/pwned"},
        {"an engine that is a path", "db.engine", "../../evil"},
        {"a store that is a path", "stores", "../../tmp"},
        {"a target's name that is a path", "name", "../../../tmp/pwned"},
        {"a compression that is a command", "compress", "zstd;touch /tmp/pwned"},
    };
    // One server; each case is a container that shares its network and finds it at 127.0.0.1.
    Container server(kPostgresImage, {"-e", "POSTGRES_PASSWORD=x", "-e", "POSTGRES_DB=shop"});
    PostgresBox::wait_ready(server.name());
    const auto labelled = [&](const std::string& label) {
        return std::vector<std::string>{
            "--network", "container:" + server.name(), "--entrypoint", "sleep",
            "-e",        "POSTGRES_DB=shop",           "-e",           "PGHOST=127.0.0.1",
            "--label",   "baktainer.backup=true",      "--label",      "baktainer." + label};
    };
    {  // The same way in works for a name that is none of these.
        const Container box(kPostgresImage, labelled("db.name=shop"), {"600"});
        const Baktainer control(PostgresBox::discovery());
        const auto done = control.run({"backup", box.name()});
        ASSERT_EQ(done.exit_code, 0) << done.err;
    }
    for (const auto& c : kCases) {
        const Container box(kPostgresImage, labelled(std::string(c.key) + "=" + c.value), {"600"});
        const auto done = program_.run({"backup", box.name()});
        EXPECT_EQ(done.exit_code, 1) << c.name << ": " << done.out << done.err;
        EXPECT_LT(done.err.size(), 8000u) << c.name;
        EXPECT_NE(box.exec({"test", "-e", "/tmp/pwned"}).exit_code, 0) << c.name;
        EXPECT_FALSE(std::filesystem::exists("/tmp/pwned")) << c.name;
        EXPECT_EQ(
            PostgresBox::sql_in(
                server.name(), "SELECT count(*) FROM pg_database WHERE datname='shop'", "postgres"),
            "1")
            << c.name;
        EXPECT_TRUE(program_.ids().empty()) << c.name;
        EXPECT_TRUE(program_.stored().empty()) << c.name;
    }
}

}  // namespace
}  // namespace bkt::test
