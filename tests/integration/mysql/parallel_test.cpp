// Several databases dumped by several tools under one brief read lock: they are of one moment, the lock goes
// whatever happens, and each part is what a dump of its database alone would be.
#include <fstream>
#include <regex>

#include "tests/integration/mysql/mysql_box.hpp"

namespace bkt::test {
namespace {

// Money that moves between three databases, rows in front of it, and accounts made in step with a counter.
constexpr const char* kBank = R"sh(
for d in da db dc; do
  echo "CREATE DATABASE $d; CREATE TABLE $d.filler (id INT PRIMARY KEY, h VARCHAR(200)); CREATE TABLE $d.zacc (v INT); INSERT INTO $d.zacc VALUES (1000000);
    INSERT INTO $d.filler WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 900) SELECT n, SHA2(n, 512) FROM s;"
done | $c
echo "CREATE TABLE da.made (v INT); INSERT INTO da.made VALUES (0);" | $c
)sh";
constexpr const char* kTransfer = R"sh(
i=0; while [ ! -e /tmp/stop ]; do
  i=$((i + 1)); echo "UPDATE da.made SET v = $i; CREATE USER u$i@'%';"
  for n in 1 2 3 4 5 6 7 8 9; do
    echo "BEGIN; UPDATE da.zacc SET v = v - 3; UPDATE db.zacc SET v = v + 1; UPDATE dc.zacc SET v = v + 2; COMMIT;"
  done
done | $c
)sh";

class MysqlParallel : public ::testing::TestWithParam<const char*> {
protected:
    void SetUp() override { BKT_NEED_IMAGE(GetParam()); }
    static std::string client() {
        return std::string("export MYSQL_PWD=root-pw; c='") + kind() +
               " -uroot --default-character-set=utf8mb4'\n";
    }
    static std::string kind() {
        return std::string(GetParam()).starts_with("mysql") ? "mysql" : "mariadb";
    }
    static std::string tool() { return kind() == "mysql" ? "mysqldump" : "mariadb-dump"; }

    // The tool, but that of the dump of "dc" `script` is run.
    static void replace_tool(const MysqlBox& box, const std::string& script) {
        box.box().must_sh("p=$(command -v " + tool() +
                          "); mv $p /usr/bin/real-dump; cat >$p <<'END'\n#!/bin/sh\n"
                          "case \"$*\" in *--databases*' dc'*) " +
                          script + ";; esac\nexec /usr/bin/real-dump \"$@\"\nEND\nchmod +x $p");
    }
    static bool can_write(const MysqlBox& box, int patience_s) {
        return box.box()
                   .exec({"sh", "-c",
                          client() + "$c -e 'SET SESSION lock_wait_timeout=" +
                              std::to_string(patience_s) + "; UPDATE da.made SET v = v + 1'"})
                   .exit_code == 0;
    }
    // By then the tables before it are locked.
    static bool is_asleep(const MysqlBox& box) {
        for (int i = 0; i < 100; ++i) {
            const auto told = box.box().exec(
                {"sh", "-c",
                 client() + "$c -Ne 'SELECT COUNT(*) FROM information_schema.processlist "
                            "WHERE info LIKE \"SELECT SLEEP%\"'"});
            if (told.out.starts_with("1")) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        return false;
    }
    static bool becomes_locked(const MysqlBox& box) {
        for (int i = 0; i < 100; ++i) {
            if (box.box().exec({"test", "-e", "/tmp/began"}).exit_code == 0)
                return !can_write(box, 1);
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        return false;
    }
    // The parts of the newest backup as plain files.
    std::map<std::string, std::string> parts() {
        const TempDir dir;
        const auto done =
            program.run({"restore", program.ids().back(), "--to", "file:" + dir.path() + "/out"});
        EXPECT_EQ(done.exit_code, 0) << done.err;
        std::map<std::string, std::string> all;
        for (const auto& entry : std::filesystem::directory_iterator(dir.path() + "/out")) {
            std::ifstream in(entry.path());
            std::stringstream text;
            text << in.rdbuf();
            all[entry.path().filename()] = text.str();
        }
        return all;
    }
    static long number(const std::string& text, const std::string& pattern) {
        std::smatch found;
        EXPECT_TRUE(std::regex_search(text, found, std::regex(pattern))) << pattern;
        return found.empty() ? -1 : std::stol(found[1]);
    }
    Baktainer program{MysqlBox::discovery()};
};

TEST_P(MysqlParallel, IsOneMomentOverDatabasesAndAccountsWhileOthersWrite) {
    for (const char* processes : {"2", "3"}) {
        SCOPED_TRACE(processes);
        const MysqlBox box(GetParam(), {"db.name=da,db,dc", std::string("parallel=") + processes});
        box.box().must_sh(client() + kBank);
        std::thread writer([&] { box.box().exec({"sh", "-c", client() + kTransfer}); });
        std::this_thread::sleep_for(std::chrono::milliseconds(500));  // it is to be at full speed
        const auto done = program.run({"backup", box.name()});
        box.box().exec({"touch", "/tmp/stop"});
        writer.join();
        ASSERT_EQ(done.exit_code, 0) << done.err;
        EXPECT_EQ(done.err.find("not saved as one moment"), std::string::npos) << done.err;

        auto all = parts();
        const std::string row = "INSERT INTO `zacc` VALUES\\s*\\((\\d+)\\)";
        const long a = number(all["da.sql"], row);
        EXPECT_NE(a, 1'000'000) << "nobody wrote";
        EXPECT_EQ(a + number(all["db.sql"], row) + number(all["dc.sql"], row), 3'000'000);
        const long made = number(all["da.sql"], "INSERT INTO `made` VALUES\\s*\\((\\d+)\\)");
        const std::string last = "CREATE USER IF NOT EXISTS `u" + std::to_string(made) + "`";
        const std::string next = "CREATE USER IF NOT EXISTS `u" + std::to_string(made + 1) + "`";
        const std::string before = "CREATE USER IF NOT EXISTS `u" + std::to_string(made - 1) + "`";
        // The counter goes first: its account may be on its way.
        EXPECT_NE(all["accounts.sql"].find(before), std::string::npos) << made;
        EXPECT_EQ(all["accounts.sql"].find(next), std::string::npos) << made;
        EXPECT_NE(program.run({"show", program.ids().back()}).out.find("read_lock_ms"),
                  std::string::npos);
    }
}

// Whatever a dump consists of: the same bytes as from a tool for each database alone.
TEST_P(MysqlParallel, EachPartIsADumpOfItsDatabaseAlone) {
    constexpr const char* kSeed = R"sh(
$c <<'SQL'
CREATE DATABASE da; CREATE DATABASE `d ``b`; CREATE DATABASE `dü`; CREATE DATABASE bare;
USE da; CREATE TABLE t (i INT, s TEXT); INSERT INTO t VALUES (1, 'a\n--\n-- Current Database: `dü`\n--\n'); CREATE VIEW v AS SELECT i FROM t; CREATE VIEW w AS SELECT i FROM v;
USE `d ``b`; CREATE TABLE t (i INT); INSERT INTO t VALUES (2);
DELIMITER //
CREATE PROCEDURE p() BEGIN
-- Current Database: `dü`
/*
--
-- Current Database: `bare`
--

/!40103 SET TIME_ZONE=@OLD_TIME_ZONE */
SELECT 1;
END//
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW BEGIN
-- Dump completed
SET NEW.i = 1; END//
DELIMITER ;
USE `dü`; CREATE EVENT ev ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' DO SELECT 1; CREATE TABLE z (i INT) ENGINE=MyISAM;
USE shop; CREATE VIEW x AS SELECT i FROM da.w;
SQL
)sh";
    std::map<std::string, std::string> alone;
    for (const char* processes : {"1", "2", "16"}) {
        SCOPED_TRACE(processes);
        const MysqlBox box(GetParam(), {"db.name=*", std::string("parallel=") + processes});
        box.box().must_sh(client() + kSeed);
        const auto done = program.run({"backup", box.name()});
        ASSERT_EQ(done.exit_code, 0) << done.err;
        auto all = parts();
        for (auto& [name, text] : all) {
            // When it was completed, in which order it gives settings back, and the blank lines before that.
            for (const char* line : {" on 20[0-9 :-]*\n", "/.* SET \\w+=@OLD_.*\n", "--\n", "\n"})
                text = std::regex_replace(text, std::regex(line), "");
        }
        EXPECT_EQ(all.size(), 6u);
        all.erase("accounts.sql");  // salted anew in every container
        if (alone.empty()) alone = all;
        for (const auto& [name, text] : alone) EXPECT_EQ(all[name], text) << name;
        EXPECT_EQ(program.run({"verify", program.ids().back()}).exit_code, 0);
    }
}

// A statement that runs on keeps the lock away: writers are not made to wait for longer than a moment.
TEST_P(MysqlParallel, WithoutTheLockTheyAreDumpedInTurnWhichIsSaid) {
    const MysqlBox box(GetParam(), {"db.name=da,db,dc", "parallel=2"});
    box.box().must_sh(client() + kBank);
    std::thread other([&] {
        box.box().exec(
            {"sh", "-c", client() + "echo 'LOCK TABLES da.filler WRITE; SELECT SLEEP(9);' | $c"});
    });
    EXPECT_TRUE(is_asleep(box)) << "the statement that is to be in the way";
    const auto done = program.run({"backup", box.name()});
    other.join();
    ASSERT_EQ(done.exit_code, 0) << done.err;
    EXPECT_NE(done.err.find("not saved as one moment"), std::string::npos) << done.err;
    EXPECT_NE(done.err.find("1205"), std::string::npos) << done.err;
    EXPECT_EQ(parts().size(), 4u);
    EXPECT_TRUE(can_write(box, 1));
}

TEST_P(MysqlParallel, ALoginThatMayNotLockIsToldSo) {
    const MysqlBox box(GetParam(), {"db.name=shop,db", "parallel=2", "db.user=app",
                                    "db.secret=env:MYSQL_PASSWORD"});
    box.sql("CREATE DATABASE db; GRANT ALL ON db.* TO app@'%'; CREATE TABLE db.t (i INT)");
    const auto plan = program.run({"backup", box.name(), "--dry-run"});
    EXPECT_NE(plan.out.find("grant it RELOAD"), std::string::npos) << plan.out;
    EXPECT_EQ(program.run({"backup", box.name()}).exit_code, 0);
    box.sql("GRANT RELOAD ON *.* TO app@'%'");
    const auto may = program.run({"backup", box.name(), "--dry-run"});
    EXPECT_NE(may.out.find("2 databases of one moment"), std::string::npos) << may.out;
    EXPECT_EQ(program.run({"backup", box.name()}).exit_code, 0);
}

TEST_P(MysqlParallel, AToolThatFailsLeavesNoLockAndNoBackup) {
    const MysqlBox box(GetParam(), {"db.name=da,db,dc", "parallel=3"});
    box.box().must_sh(client() + kBank);
    replace_tool(box, "exit 3");
    const auto done = program.run({"backup", box.name()});
    EXPECT_EQ(done.exit_code, 1) << done.out;
    EXPECT_NE(done.err.find("dumping database 'dc'"), std::string::npos) << done.err;
    EXPECT_TRUE(program.stored().empty());
    EXPECT_TRUE(can_write(box, 1));
}

TEST_P(MysqlParallel, TheLockGoesWithTheProgram) {
    for (const int signal : {SIGTERM, SIGKILL}) {
        SCOPED_TRACE(signal);
        const MysqlBox box(GetParam(), {"db.name=da,db,dc", "parallel=3"});
        box.box().must_sh(client() + kBank);
        replace_tool(box, "touch /tmp/began; exec sleep 600");
        const auto running = program.start({"backup", box.name()});
        ASSERT_TRUE(becomes_locked(box)) << running->wait(std::chrono::seconds(0)).err;
        running->signal(signal);
        EXPECT_NE(running->wait().exit_code, 0);
        EXPECT_TRUE(can_write(box, 10));
        EXPECT_TRUE(program.ids().empty());
    }
}

std::string parallel_server(const ::testing::TestParamInfo<const char*>& info) {
    return std::string(info.param).substr(0, std::string(info.param).find(':'));
}
INSTANTIATE_TEST_SUITE_P(Server, MysqlParallel, ::testing::Values(kMariadbImage, kMysqlImage),
                         parallel_server);

}  // namespace
}  // namespace bkt::test
