#include "plugins/engines/mysql/accounts.hpp"

#include <gtest/gtest.h>

#include "baktainer/testing/fake_host.hpp"
#include "plugins/engines/mysql/dump_format.hpp"

namespace bkt::mysql {
namespace {

TEST(Accounts, TakeTheDefaultRoleOutOfACreateUser) {
    const auto split = split_default_role(
        "CREATE USER `a DEFAULT ROLE `@`%` IDENTIFIED WITH 'x' AS ' DEFAULT ROLE \\' REQUIRE ' "
        "DEFAULT "
        "ROLE `r REQUIRE `@`%`,`s`@`%` REQUIRE NONE PASSWORD EXPIRE");
    EXPECT_EQ(
        split.statement,
        "CREATE USER `a DEFAULT ROLE `@`%` IDENTIFIED WITH 'x' AS ' DEFAULT ROLE \\' REQUIRE ' "
        "REQUIRE NONE PASSWORD EXPIRE");
    EXPECT_EQ(split.roles, "`r REQUIRE `@`%`,`s`@`%`");
    EXPECT_EQ(split_default_role("CREATE USER `a`@`%` REQUIRE NONE").roles, "");
    EXPECT_EQ(split_default_role("CREATE USER `a`@`%` DEFAULT ROLE `r`@`%`").roles, "`r`@`%`");
}

TEST(Accounts, AreLeftAloneWhereTheLoginItselfIsMeant) {
    const std::string sql =
        "SET NAMES utf8mb4;\nALTER USER `root`@`localhost` IDENTIFIED BY PASSWORD '*1';\n"
        "ALTER USER `root`@`%` IDENTIFIED BY PASSWORD '*2';\n"
        "GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` IDENTIFIED BY PASSWORD '*1';\n";
    EXPECT_EQ(without_account(sql, "root@localhost"),
              "SET NAMES utf8mb4;\nALTER USER `root`@`%` IDENTIFIED BY PASSWORD '*2';\n");
    EXPECT_EQ(without_account("ALTER USER `a@b`@`%` x;\n", "a@b@%"), "");
}

// A client that answers as MySQL's would; each run gets the next answer.
class Client final {
public:
    explicit Client(std::vector<std::string> answers) {
        host.secrets["db.password"] = "pw";
        host.exec = [answers = std::move(answers), next = std::size_t(0)](
                        Call&, const ExecRequest& request) mutable {
            if (request.argv.back() == "--version")
                return Result<ExecOutcome>(ExecOutcome{0, 0, 0, 0, ""});
            const std::string& text = answers.at(next++);
            EXPECT_TRUE(request.out->write(as_bytes(text)));
            return Result<ExecOutcome>(ExecOutcome{0, 0, 0, text.size(), ""});
        };
    }
    testing::FakeHost host;
};

TEST(Accounts, AreMadeAlteredGrantedAndGivenTheirRolesInThatOrder) {
    Client client(
        {"app\t%\tN\nboss\t%\tN\n",
         "CREATE USER `app`@`%` IDENTIFIED WITH 'p' AS 0x01 DEFAULT ROLE `boss`@`%` REQUIRE NONE\n"
         "GRANT USAGE ON *.* TO `app`@`%`\nGRANT `boss`@`%` TO `app`@`%`\n"
         "CREATE USER `boss`@`%` ACCOUNT LOCK\nGRANT SELECT ON `a\\\\_b`.* TO `boss`@`%`\n"});
    testing::FakeCall fake(client.host.raw());
    Call call = fake.call();
    Settings settings;
    settings.user = "root";
    const auto tools = Tools::create(call, Flavour::mysql, settings);
    ASSERT_TRUE(tools);
    Server server;
    server.version = "9.7.4";
    const auto sql = accounts_sql(*tools, server);
    ASSERT_TRUE(sql) << sql.error().message;
    EXPECT_EQ(
        *sql,
        "-- Baktainer accounts of server 9.7.4\nSET NAMES utf8mb4;\nSET SESSION sql_mode='';\n"
        "CREATE USER IF NOT EXISTS `app`@`%` IDENTIFIED WITH 'p' AS 0x01 REQUIRE NONE;\n"
        "ALTER USER `app`@`%` IDENTIFIED WITH 'p' AS 0x01 REQUIRE NONE;\n"
        "CREATE USER IF NOT EXISTS `boss`@`%` ACCOUNT LOCK;\n"
        "ALTER USER `boss`@`%` ACCOUNT LOCK;\n"
        "GRANT USAGE ON *.* TO `app`@`%`;\nGRANT `boss`@`%` TO `app`@`%`;\n"
        "GRANT SELECT ON `a\\_b`.* TO `boss`@`%`;\n"
        "SET DEFAULT ROLE `boss`@`%` TO `app`@`%`;\nFLUSH PRIVILEGES;\n-- Accounts completed\n");
}

TEST(Accounts, OfUnknownWordsAreRefusedRatherThanLost) {
    Client client({"app\t%\tN\n", "SUMMON USER `app`@`%`\n"});
    testing::FakeCall fake(client.host.raw());
    Call call = fake.call();
    Settings settings;
    settings.user = "root";
    const auto tools = Tools::create(call, Flavour::mysql, settings);
    ASSERT_TRUE(tools);
    const auto sql = accounts_sql(*tools, Server{});
    ASSERT_FALSE(sql);
    EXPECT_EQ(sql.error().code, Code::unsupported);
}

}  // namespace
}  // namespace bkt::mysql
