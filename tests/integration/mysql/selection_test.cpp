// Parts of databases (db.include, db.exclude, db.only): what they hold, and that restoring them neither loses nor
// mixes what they do not hold.
#include "tests/integration/mysql/mysql_box.hpp"

namespace bkt::test {
namespace {

// Odd names, a view on each side of the choice, a key into what is left out, and every kind of object.
constexpr const char* kShop =
    "USE shop; CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(50)); INSERT INTO item VALUES "
    "(1, "
    "'a'), (2, 'b'); CREATE TABLE `cache.x` (id INT); INSERT INTO `cache.x` VALUES (5); CREATE "
    "TABLE "
    "`cache -f $(x)` (id INT PRIMARY KEY, item INT, FOREIGN KEY (item) REFERENCES item (id)); "
    "INSERT "
    "INTO `cache -f $(x)` VALUES (1, 1); CREATE TABLE child (id INT PRIMARY KEY, c INT, FOREIGN "
    "KEY "
    "(c) REFERENCES `cache -f $(x)` (id)); INSERT INTO child VALUES (7, 1); CREATE VIEW cache_v AS "
    "SELECT COUNT(*) AS c FROM `cache.x`; CREATE VIEW v AS SELECT id FROM item; CREATE PROCEDURE "
    "p() "
    "SELECT 1; CREATE EVENT ev ON SCHEDULE EVERY 1 DAY DO SELECT 1; CREATE DATABASE blog; CREATE "
    "TABLE blog.post (id INT); INSERT INTO blog.post VALUES (1)";

std::string tables_of(const MysqlBox& box, const std::string& database) {
    return box.sql(
        "SELECT GROUP_CONCAT(TABLE_NAME ORDER BY TABLE_NAME) FROM information_schema.TABLES WHERE "
        "TABLE_SCHEMA = '" +
        database + "'");
}

class MysqlSelection : public ::testing::TestWithParam<const char*> {
protected:
    void SetUp() override { BKT_NEED_IMAGE(GetParam()); }
    Ended restore(const MysqlBox& box, const std::vector<std::string>& more = {}) {
        std::vector<std::string> words{"restore", id, "--to", box.name(), "--confirm"};
        words.insert(words.end(), more.begin(), more.end());
        return program.run(words);
    }
    // Later ones are safety backups.
    void back_up(const MysqlBox& box) {
        const auto done = program.run({"backup", box.name()});
        ASSERT_EQ(done.exit_code, 0) << done.err;
        id = program.ids().back();
    }
    Baktainer program{MysqlBox::discovery()};
    std::string id;
};

TEST_P(MysqlSelection, WhatIsLeftOutIsSaidAndStaysWhenTheRestComesBack) {
    const MysqlBox box(GetParam(), {"db.name=*", "db.exclude=cache?*,blog.*"});
    box.sql(kShop);
    const auto plan = program.run({"backup", box.name(), "--dry-run"});
    EXPECT_NE(plan.out.find("left out of database 'shop' by 'db.exclude': 3 of 6 tables"),
              std::string::npos)
        << plan.out;
    EXPECT_NE(plan.out.find("'shop.child' refers to 'shop.cache -f $(x)'"), std::string::npos)
        << plan.out;
    back_up(box);
    EXPECT_EQ(program.run({"verify", "--all"}).exit_code, 0);

    box.sql(
        "DELETE FROM shop.item WHERE id = 2; UPDATE shop.`cache.x` SET id = 6; CREATE TABLE "
        "shop.later (x INT); DROP PROCEDURE shop.p; DROP VIEW shop.v");
    const auto back = restore(box);
    ASSERT_EQ(back.exit_code, 0) << back.err;
    EXPECT_EQ(tables_of(box, "shop"), "cache -f $(x),cache.x,cache_v,child,item,later,v\n");
    EXPECT_EQ(box.sql("SELECT COUNT(*) FROM shop.item"), "2\n");
    EXPECT_EQ(box.sql("SELECT id FROM shop.`cache.x`"), "6\n") << "it is not in the backup";
    EXPECT_EQ(box.sql("SELECT id FROM blog.post"), "1\n");
    EXPECT_EQ(box.sql("CALL shop.p()"), "1\n");

    const auto copy = restore(box, {"--database", "shop:copy"});
    ASSERT_EQ(copy.exit_code, 0) << copy.err;
    EXPECT_EQ(tables_of(box, "copy"), "child,item,v\n");
}

TEST_P(MysqlSelection, OnlyWhatIsIncludedIsThere) {
    const MysqlBox box(GetParam(), {"db.name=*", "db.include=shop.item,v"});
    box.sql(kShop);
    const auto plan = program.run({"backup", box.name(), "--dry-run"});
    EXPECT_NE(plan.out.find("database 'blog' is left out whole"), std::string::npos) << plan.out;
    back_up(box);
    const auto copy = restore(box, {"--database", "shop:copy"});
    ASSERT_EQ(copy.exit_code, 0) << copy.err;
    EXPECT_EQ(tables_of(box, "copy"), "item,v\n");
    EXPECT_EQ(box.sql("SELECT COUNT(*) FROM copy.v"), "2\n");
}

TEST_P(MysqlSelection, OfNothingIsAnErrorAndNoEmptyBackup) {
    for (const char* label : {"db.include=nowhere*", "db.exclude=--no-data"}) {
        SCOPED_TRACE(label);
        const MysqlBox box(GetParam(), {label});
        box.sql(kShop);
        const auto done = program.run({"backup", box.name()});
        EXPECT_NE(done.exit_code, 0) << done.out << done.err;
        EXPECT_NE(done.err.find("hint: "), std::string::npos) << done.err;
        EXPECT_TRUE(program.stored().empty());
    }
}

TEST_P(MysqlSelection, DefinitionsAloneNeverReplaceRows) {
    const MysqlBox box(GetParam(), {"db.only=schema"});
    box.sql(kShop);
    back_up(box);
    const auto refused = restore(box);
    EXPECT_EQ(refused.exit_code, 1) << refused.out;
    EXPECT_NE(refused.err.find("rows, which would be lost"), std::string::npos) << refused.err;
    EXPECT_EQ(box.sql("SELECT COUNT(*) FROM shop.item"), "2\n");

    const auto copy = restore(box, {"--database", "shop:copy"});
    ASSERT_EQ(copy.exit_code, 0) << copy.err;
    EXPECT_EQ(tables_of(box, "copy"), tables_of(box, "shop"));
    EXPECT_EQ(
        box.sql("SELECT (SELECT COUNT(*) FROM copy.item) + (SELECT COUNT(*) FROM copy.child)"),
        "0\n");
    EXPECT_EQ(box.sql("CALL copy.p()"), "1\n");
    EXPECT_EQ(restore(box, {"--database", "shop:copy"}).exit_code, 0) << "nothing is lost";
}

TEST_P(MysqlSelection, RowsAloneGoIntoEmptyTablesOnly) {
    const MysqlBox box(GetParam(), {"db.only=data"});
    box.sql(kShop);
    back_up(box);
    const auto full = restore(box);
    EXPECT_EQ(full.exit_code, 1) << full.out;
    EXPECT_NE(full.err.find("holds some already"), std::string::npos) << full.err;
    EXPECT_EQ(box.sql("SELECT COUNT(*) FROM shop.item"), "2\n");
    const auto nowhere = restore(box, {"--database", "shop:copy"});
    EXPECT_EQ(nowhere.exit_code, 10) << nowhere.out;
    EXPECT_NE(nowhere.err.find("has no tables for them"), std::string::npos) << nowhere.err;

    const char* kEmpty =
        "SET FOREIGN_KEY_CHECKS = 0; TRUNCATE shop.item; TRUNCATE shop.`cache.x`; TRUNCATE "
        "shop.`cache -f $(x)`; TRUNCATE shop.child";
    box.sql(kEmpty);
    box.sql("CREATE TRIGGER shop.tr BEFORE INSERT ON shop.item FOR EACH ROW SET NEW.name = 'x'");
    const auto triggered = restore(box);
    EXPECT_EQ(triggered.exit_code, 11) << triggered.out;
    EXPECT_NE(triggered.err.find("trigger 'tr'"), std::string::npos) << triggered.err;

    box.sql("DROP TRIGGER shop.tr; ALTER TABLE shop.item DROP COLUMN name");
    EXPECT_EQ(restore(box).exit_code, 1) << "rows of another shape";
    EXPECT_EQ(box.sql("SELECT COUNT(*) FROM shop.child"), "0\n") << "half of the rows stayed";
    box.sql("ALTER TABLE shop.item ADD COLUMN name VARCHAR(50)");
    const auto back = restore(box);
    ASSERT_EQ(back.exit_code, 0) << back.err;
    EXPECT_EQ(box.sql("SELECT GROUP_CONCAT(name ORDER BY id) FROM shop.item"), "a,b\n");
    EXPECT_EQ(box.sql("SELECT (SELECT id FROM shop.`cache.x`) + (SELECT id FROM shop.child)"),
              "12\n");
}

// A default out of a sequence is made only where the sequence is, and names its database.
TEST(MysqlSequence, IsNeitherLeftBehindNorSharedWithACopy) {
    BKT_NEED_IMAGE(kMariadbImage);
    const MysqlBox box(kMariadbImage, {"job.part.db.exclude=s", "job.whole.timeout=1h"});
    box.sql(
        "USE shop; CREATE SEQUENCE s; CREATE TABLE t (id INT DEFAULT NEXTVAL(s), x INT); INSERT "
        "INTO t (x) VALUES (1)");
    Baktainer program(MysqlBox::discovery());
    const auto both = program.run({"backup", box.name()});
    EXPECT_NE((both.out + both.err).find("'shop.t' reads 'shop.s'"), std::string::npos) << both.err;
    const auto ids = program.ids();
    ASSERT_EQ(ids.size(), 1u) << "the job without a choice";
    const MysqlBox other(kMariadbImage);
    const auto copy = program.run(
        {"restore", ids[0], "--to", other.name(), "--confirm", "--database", "shop:copy"});
    EXPECT_NE(copy.exit_code, 0) << copy.out;
    EXPECT_NE(copy.err.find("sequence of database `shop`"), std::string::npos) << copy.err;
}

std::string image_name(const ::testing::TestParamInfo<const char*>& info) {
    return std::string(info.param).substr(0, std::string(info.param).find(':'));
}
INSTANTIATE_TEST_SUITE_P(Server, MysqlSelection, ::testing::Values(kMariadbImage, kMysqlImage),
                         image_name);

}  // namespace
}  // namespace bkt::test
