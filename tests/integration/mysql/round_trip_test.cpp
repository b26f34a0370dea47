// What the contract suite does not ask: logins that are not root, other names, other versions, other engines.
#include <filesystem>

#include "tests/integration/mysql/mysql_box.hpp"

namespace bkt::test {
namespace {

constexpr const char* kFill =
    "CREATE TABLE shop.item (id INT PRIMARY KEY, name VARCHAR(50) CHARACTER SET utf8mb4); INSERT "
    "INTO "
    "shop.item VALUES (1, 'äpfel'), (2, 'ALTER DATABASE `shop` CHARACTER SET x'); USE "
    "shop; CREATE TRIGGER tr BEFORE INSERT ON item FOR EACH ROW SET NEW.name = 'x'; CREATE EVENT "
    "shop.ev ON "
    "SCHEDULE EVERY 1 DAY DO SELECT 1";

// The login an application has: it saves and restores its database, and the plan says that accounts stay
// behind.
TEST(MysqlRoundTrip, AnApplicationsLoginSavesItsDatabase) {
    for (const char* image : {kMariadbImage, kMysqlImage}) {
        BKT_NEED_IMAGE(image);
        SCOPED_TRACE(image);
        const MysqlBox box(image, {"db.user=app", "db.secret=env:MYSQL_PASSWORD"});
        box.sql(
            "CREATE TABLE shop.item (id INT PRIMARY KEY); INSERT INTO shop.item VALUES (1), (2)");
        Baktainer program(MysqlBox::discovery());
        const auto plan = program.run({"backup", box.name(), "--dry-run"});
        EXPECT_NE(plan.out.find("accounts and grants are not saved"), std::string::npos)
            << plan.out;
        const auto done = program.run({"backup", box.name()});
        ASSERT_EQ(done.exit_code, 0) << done.err;
        box.sql("DROP TABLE shop.item");
        const auto back =
            program.run({"restore", program.ids().back(), "--to", box.name(), "--confirm"});
        ASSERT_EQ(back.exit_code, 0) << back.err;
        EXPECT_EQ(box.sql("SELECT COUNT(*) FROM shop.item"), "2\n");
    }
}

// A database that is gone has nothing to save first; one that a login only does not see might have.
TEST(MysqlRoundTrip, ADroppedDatabaseComesBackInPlaceForWhoSeesAll) {
    for (const char* image : {kMariadbImage, kMysqlImage}) {
        BKT_NEED_IMAGE(image);
        SCOPED_TRACE(image);
        const MysqlBox box(image);
        const MysqlBox hidden(image, {"db.user=app", "db.secret=env:MYSQL_PASSWORD"});
        box.sql(
            "CREATE TABLE shop.item (id INT PRIMARY KEY); INSERT INTO shop.item VALUES (1), (2)");
        Baktainer program(MysqlBox::discovery());
        ASSERT_EQ(program.run({"backup", box.name()}).exit_code, 0);
        const auto id = program.ids().back();
        for (const auto* each : {&box, &hidden}) each->sql("DROP DATABASE shop");
        const auto refused = program.run({"restore", id, "--to", hidden.name(), "--confirm"});
        EXPECT_NE(refused.exit_code, 0) << refused.out;
        EXPECT_NE(refused.err.find("nothing was touched"), std::string::npos) << refused.err;
        const auto back = program.run({"restore", id, "--to", box.name(), "--confirm"});
        ASSERT_EQ(back.exit_code, 0) << back.err;
        EXPECT_NE(back.err.find("'shop' does not exist"), std::string::npos) << back.err;
        EXPECT_EQ(box.sql("SELECT COUNT(*) FROM shop.item"), "2\n");
    }
}

// A label of the other name is as good, in both directions.
TEST(MysqlRoundTrip, ALabelMaySayEitherName) {
    const struct {
        const char *image, *name;
    } kCases[] = {{kMariadbImage, "mysql"}, {kMysqlImage, "mariadb"}};
    for (const auto& c : kCases) {
        BKT_NEED_IMAGE(c.image);
        SCOPED_TRACE(c.image);
        const MysqlBox box(c.image, {std::string("db.engine=") + c.name});
        box.sql(kFill);
        Baktainer program(MysqlBox::discovery());
        const auto done = program.run({"backup", box.name()});
        ASSERT_EQ(done.exit_code, 0) << done.err;
        EXPECT_NE(program.run({"targets"}).out.find(c.name), std::string::npos);
        box.sql("DROP TABLE shop.item");
        const auto back =
            program.run({"restore", program.ids().back(), "--to", box.name(), "--confirm"});
        ASSERT_EQ(back.exit_code, 0) << back.err;
        EXPECT_EQ(box.sql("SELECT COUNT(*) FROM shop.item"), "2\n");
    }
}

TEST(MysqlRoundTrip, UnderAnotherNameTheOriginalStaysAsItIs) {
    BKT_NEED_IMAGE(kMariadbImage);
    const MysqlBox box(kMariadbImage);
    box.sql("ALTER DATABASE shop CHARACTER SET latin1");
    box.sql(kFill);
    box.sql("CREATE VIEW shop.v AS SELECT name FROM shop.item");
    // What the dump wraps in ALTER DATABASE: a trigger made under another collation of its database.
    box.sql("ALTER DATABASE shop CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
    Baktainer program(MysqlBox::discovery());
    ASSERT_EQ(program.run({"backup", box.name()}).exit_code, 0);
    box.sql(
        "ALTER DATABASE shop CHARACTER SET ascii; UPDATE shop.item SET name = 'later'; "
        "DROP VIEW shop.v");
    const auto back = program.run({"restore", program.ids().back(), "--to", box.name(), "--confirm",
                                   "--database", "shop:we`ird shop"});
    ASSERT_EQ(back.exit_code, 0) << back.err;
    EXPECT_EQ(box.sql("SELECT name FROM `we``ird shop`.item ORDER BY id"),
              "äpfel\nALTER DATABASE `shop` CHARACTER SET x\n");
    EXPECT_EQ(box.sql("SELECT DISTINCT name FROM shop.item"), "later\n");
    EXPECT_EQ(box.sql("SELECT COUNT(*) FROM `we``ird shop`.v WHERE name = 'äpfel'"), "1\n");
    EXPECT_EQ(box.sql("SHOW TABLES FROM shop LIKE 'v'"), "") << "made in the original";
    EXPECT_EQ(box.sql("SELECT DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE "
                      "SCHEMA_NAME LIKE '%shop' ORDER BY SCHEMA_NAME"),
              "ascii_general_ci\nutf8mb4_bin\n");
}

// 10.5.23 knows nothing of the line that a dump of 10.11 begins with.
TEST(MysqlRoundTrip, AnOlderClientTakesANewerDump) {
    BKT_NEED_IMAGE(kMariadbImage);
    BKT_NEED_IMAGE(kOldMariadbImage);
    const MysqlBox box(kMariadbImage), old(kOldMariadbImage);
    box.sql(kFill);
    Baktainer program(MysqlBox::discovery());
    ASSERT_EQ(program.run({"backup", box.name()}).exit_code, 0);
    const auto back =
        program.run({"restore", program.ids().back(), "--to", old.name(), "--confirm"});
    ASSERT_EQ(back.exit_code, 0) << back.err;
    EXPECT_EQ(old.sql("SELECT COUNT(*) FROM shop.item"), "2\n");
}

TEST(MysqlRoundTrip, ATableWithoutTransactionsIsSaid) {
    BKT_NEED_IMAGE(kMariadbImage);
    const MysqlBox box(kMariadbImage);
    box.sql("CREATE TABLE shop.old (x INT) ENGINE=MyISAM");
    Baktainer program(MysqlBox::discovery());
    const auto plan = program.run({"backup", box.name(), "--dry-run"});
    EXPECT_NE(plan.out.find("consistency: none"), std::string::npos) << plan.out;
    EXPECT_NE(plan.out.find("'shop' has 1 tables of engines without transactions"),
              std::string::npos)
        << plan.out;
}

// A label's value is data: never an option, a shell word or SQL.
TEST(MysqlRoundTrip, HostileLabelsNameNoDatabase) {
    BKT_NEED_IMAGE(kMariadbImage);
    for (const char* label :
         {"db.name=--result-file=/tmp/pwned", "db.name=-r/tmp/pwned", "db.name=$(touch /tmp/pwned)",
          "db.name=shop`; DROP DATABASE shop; -- ", "db.name=\\! touch /tmp/pwned",
          "db.user=--init-command=x", "db.host=-e/tmp/pwned", "db.port=3306 --tee=/tmp/pwned"}) {
        SCOPED_TRACE(label);
        const MysqlBox box(kMariadbImage, {label});
        Baktainer program(MysqlBox::discovery());
        const auto done = program.run({"backup", box.name()});
        EXPECT_EQ(done.exit_code, 1) << done.out << done.err;
        EXPECT_NE(box.box().exec({"test", "-e", "/tmp/pwned"}).exit_code, 0);
        EXPECT_EQ(box.sql("SHOW DATABASES LIKE 'shop'"), "shop\n");
        EXPECT_TRUE(program.stored().empty());
    }
}

}  // namespace
}  // namespace bkt::test
