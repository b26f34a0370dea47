// Where the tools run (label `mode`): beside the container, or on this machine over the network. The container's
// own tools are taken away, so that nothing else can have made the backup.
#include <cstdlib>

#include "tests/integration/mysql/mysql_box.hpp"

namespace bkt::test {
namespace {

constexpr const char* kHide =
    "for t in mariadb mysql mariadb-dump mysqldump; do p=$(command -v $t) || continue; "
    "p=$(readlink "
    "-f \"$p\"); mv \"$p\" /tmp/hidden-$t || exit 1; done";
constexpr const char* kShow =
    "for t in mariadb mysql mariadb-dump mysqldump; do [ ! -e /tmp/hidden-$t ] || cp "
    "/tmp/hidden-$t "
    "/usr/bin/$t; done";

class MysqlModes : public ::testing::TestWithParam<const char*> {
protected:
    void SetUp() override { BKT_NEED_IMAGE(GetParam()); }
    // A backup without the container's tools, and what it holds beside the original.
    void must_come_back(const MysqlBox& box) {
        box.sql(
            "CREATE TABLE shop.item (id INT PRIMARY KEY, name TEXT); INSERT INTO shop.item VALUES "
            "(1, 'äpfel'); CREATE VIEW shop.v AS SELECT name FROM shop.item");
        ASSERT_EQ(box.box().exec({"sh", "-c", kHide}).exit_code, 0);
        const auto done = program.run({"-vv", "backup", box.name()});
        ASSERT_EQ(done.exit_code, 0) << done.err;
        EXPECT_EQ((done.out + done.err).find("root-pw"), std::string::npos);
        const auto back = program.run({"restore", program.ids().back(), "--to", box.name(),
                                       "--confirm", "--database", "shop:copy"});
        ASSERT_EQ(back.exit_code, 0) << back.err;
        ASSERT_EQ(box.box().exec({"sh", "-c", kShow}).exit_code, 0);
        EXPECT_EQ(box.sql("SELECT name FROM copy.v"), "äpfel\n");
    }
    Baktainer program{MysqlBox::discovery()};
};

TEST_P(MysqlModes, BesideTheContainerNoneOfItsToolsIsNeeded) {
    const MysqlBox box(GetParam(), {"mode=sidecar"});
    must_come_back(box);
}

// Those of the server's own kind: the other's would write what the server does not take back.
TEST_P(MysqlModes, OnThisMachineItsToolsAreUsed) {
    const auto said =
        Process({"sh", "-c", "mysqldump --version; mariadb-dump --version; :"}).wait().out;
    if (said.empty()) GTEST_SKIP() << "this machine has neither mariadb-dump nor mysqldump";
    const bool of_mariadb = said.find("MariaDB") != said.npos;
    const MysqlBox box(GetParam(), {"mode=remote"});
    if (of_mariadb == (std::string(GetParam()) == kMariadbImage)) return must_come_back(box);
    const auto refused = program.run({"backup", box.name()});
    EXPECT_EQ(refused.exit_code, 1) << refused.out;
    // A client without the other's way to log in does not even come to that.
    EXPECT_TRUE(refused.err.find("is the other's") != std::string::npos ||
                refused.err.find("could not be loaded") != std::string::npos)
        << refused.err;
    EXPECT_TRUE(program.stored().empty());
}

TEST_P(MysqlModes, OnAMachineWithoutToolsTheErrorSaysSo) {
    const MysqlBox box(GetParam(), {"mode=remote"});
    const std::string path = std::getenv("PATH");
    ::setenv("PATH", "/nonexistent", 1);
    const auto done = program.run({"backup", box.name()});
    ::setenv("PATH", path.c_str(), 1);
    EXPECT_EQ(done.exit_code, 1) << done.out;
    EXPECT_NE(done.err.find("this machine has neither"), std::string::npos) << done.err;
    EXPECT_NE(done.err.find("hint: install the client programs here"), std::string::npos)
        << done.err;
    EXPECT_TRUE(program.stored().empty());
}

std::string server_name(const ::testing::TestParamInfo<const char*>& info) {
    return std::string(info.param).substr(0, std::string(info.param).find(':'));
}
INSTANTIATE_TEST_SUITE_P(Server, MysqlModes, ::testing::Values(kMariadbImage, kMysqlImage),
                         server_name);

}  // namespace
}  // namespace bkt::test
