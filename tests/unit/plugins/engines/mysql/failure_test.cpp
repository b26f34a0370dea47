#include "plugins/engines/mysql/failure.hpp"

#include <gtest/gtest.h>

namespace bkt::mysql {
namespace {

struct FailureCase {
    const char* said;
    int exit_code;
    Code code;
};
// As the tools of MySQL 9.7 and MariaDB 10.5 to 11.8 print them.
const FailureCase kFailureCases[] = {
    {"mysqldump: Got error: 1045: Access denied for user 'root'@'localhost' (using password: YES) "
     "when trying to connect",
     2, Code::denied},
    {"mariadb-dump: Got error: 1045: \"Access denied for user 'x'@'localhost' (using password: "
     "NO)\" when trying to connect",
     2, Code::denied},
    {"ERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: YES)", 1,
     Code::denied},
    {"mysqldump: Couldn't execute 'show events': Access denied for user 'weak'@'%' to database "
     "'shop' (1044)",
     2, Code::denied},
    {"mysqldump: app has insufficient privileges to SHOW CREATE PROCEDURE `p`!", 2, Code::denied},
    {"mariadb-dump: app has insufficent privileges to SHOW CREATE PROCEDURE `p`!", 2, Code::denied},
    {"mysqldump: Couldn't execute 'FLUSH TABLES': Access denied; you need (at least one of) the "
     "RELOAD privilege(s) for this operation (1227)",
     2, Code::denied},
    {"ERROR 1142 (42000) at line 2: SELECT command denied to user 'weak'@'localhost' for table "
     "`shop`.`t`",
     1, Code::denied},
    {"ERROR 1045 (28000): Plugin caching_sha2_password could not be loaded: /usr/lib/x.so: cannot "
     "open shared object file: No such file or directory",
     1, Code::unsupported},
    {"mysqldump: Got error: 1049: Unknown database 'nope' when selecting the database", 2,
     Code::not_found},
    {"mysqldump: Got error: 2005: Unknown MySQL server host 'db' (-2) when trying to connect", 2,
     Code::unavailable},
    {"ERROR 2005 (HY000): Unknown server host 'db' (-2)", 1, Code::unavailable},
    {"ERROR 2002 (HY000): Can't connect to local MySQL server through socket '/run/x' (2)", 1,
     Code::unavailable},
    {"mysqldump: Error 2013: Lost connection to MySQL server during query when dumping table `t` "
     "at row: 7",
     3, Code::unavailable},
    {"mysqldump: Error 1412: Table definition has changed, please retry transaction when dumping "
     "table `t` at row: 0",
     3, Code::unavailable},
    {"mysqldump: Couldn't execute 'SHOW FIELDS FROM `v`': The user specified as a definer "
     "('x'@'%') does not exist (1449)",
     2, Code::conflict},
    {"ERROR 2026 (HY000): TLS/SSL error: Certificate verification failure: The certificate is NOT "
     "trusted.",
     1, Code::unsupported},
    {"ERROR 1114 (HY000) at line 9: The table 't' is full", 1, Code::no_space},
    {"ERROR 1273 (HY000) at line 22: Unknown collation: 'utf8mb4_uca1400_ai_ci'", 1,
     Code::unsupported},
};

TEST(Failure, SaysWhatToDo) {
    for (const auto& c : kFailureCases) {
        ExecResult r;
        r.exit_code = c.exit_code;
        r.stderr_tail = "Warning: something else\n" + std::string(c.said) + "\n";
        const auto error = explain("tool", r);
        EXPECT_EQ(code_name(error.code), code_name(c.code)) << c.said;
        EXPECT_FALSE(error.hint.empty()) << c.said;
        EXPECT_EQ(error.message,
                  "'tool' exited " + std::to_string(c.exit_code) + ": " + std::string(c.said));
    }
}

// A client prints the statement it failed at, the server quotes what it could not read.
TEST(Failure, RepeatsNoStatement) {
    ExecResult r;
    r.exit_code = 1;
    r.stderr_tail =
        "--------------\nALTER USER x IDENTIFIED BY PASSWORD '*HASH'\n--------------\n\n"
        "ERROR 1064 (42000) at line 2: You have an error in your SQL syntax; check the manual for "
        "the "
        "right syntax to use near ''*HASH'' at line 1\n";
    const auto error = explain("mariadb", r);
    EXPECT_EQ(error.message.find("HASH"), std::string::npos) << error.message;
    EXPECT_NE(error.message.find("ERROR 1064"), std::string::npos) << error.message;
    EXPECT_EQ(error_lines(r.stderr_tail).size(), 1u);
    EXPECT_EQ(error_number(error_lines(r.stderr_tail).front()), 1064);
}

}  // namespace
}  // namespace bkt::mysql
