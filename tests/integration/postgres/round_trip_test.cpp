// What is backed up comes back the same: with Baktainer, and with the standard tools alone.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/integration/postgres/realistic_schema.hpp"
#include "tests/integration/postgres/recipe_alone.hpp"

namespace bkt::test {
namespace {

namespace fs = std::filesystem;

class PostgresRoundTrip : public ::testing::Test {
protected:
    void SetUp() override { BKT_NEED_IMAGE(kPostgresImage); }
    Baktainer program_{PostgresBox::discovery()};
};

TEST_F(PostgresRoundTrip, ARealisticDatabaseComesBackIdenticalInANewContainer) {
    for (const char* format : {"custom", "plain"}) {
        PostgresBox pg({std::string("db.format=") + format});
        pg.sql(kRealisticSchema);
        const auto before = everything_in(pg.name(), "shop");
        const auto done = program_.run({"backup", pg.name()});
        ASSERT_EQ(done.exit_code, 0) << format << done.err;
        ASSERT_EQ(program_.run({"verify", pg.name()}).exit_code, 0);
        PostgresBox::sql_in(pg.name(), "DROP DATABASE shop WITH (FORCE)", "postgres");

        const auto restored = program_.run({"restore", pg.name()});
        ASSERT_EQ(restored.exit_code, 0) << format << restored.err;
        const Made made(restored);
        ASSERT_FALSE(made.name.empty()) << restored.out;
        EXPECT_EQ(everything_in(made.name, "shop"), before) << format;
    }
}

TEST_F(PostgresRoundTrip, ARestoreInPlaceBringsTheOldStateBackAndKeepsTheNewOne) {
    PostgresBox pg;
    pg.sql(kRealisticSchema);
    const auto before = everything_in(pg.name(), "shop");
    ASSERT_EQ(program_.run({"backup", pg.name()}).exit_code, 0);
    const auto id = program_.ids().back();
    pg.sql("DROP TABLE t7; UPDATE t8 SET s='changed'; CREATE TABLE later(id int)");

    EXPECT_EQ(program_.run({"restore", id, "--to", pg.name()}).exit_code, 2) << "without --confirm";
    EXPECT_EQ(pg.sql("SELECT count(*) FROM later"), "0") << "nothing may have been touched";
    const auto restored = program_.run({"restore", id, "--to", pg.name(), "--confirm"});
    ASSERT_EQ(restored.exit_code, 0) << restored.err;
    EXPECT_EQ(everything_in(pg.name(), "shop"), before);
    EXPECT_EQ(program_.ids().size(), 2u) << "the safety backup";
}

TEST_F(PostgresRoundTrip, ADatabaseThatWasDroppedComesBackInPlaceForNothingOfItIsThereToSave) {
    PostgresBox pg;
    pg.sql(kRealisticSchema);
    const auto before = everything_in(pg.name(), "shop");
    ASSERT_EQ(program_.run({"backup", pg.name()}).exit_code, 0);
    const auto id = program_.ids().back();
    PostgresBox::sql_in(pg.name(), "DROP DATABASE shop WITH (FORCE)", "postgres");
    EXPECT_EQ(program_.run({"backup", pg.name()}).exit_code, 1) << "a backup still says so";

    const auto restored = program_.run({"restore", id, "--to", pg.name(), "--confirm"});
    ASSERT_EQ(restored.exit_code, 0) << restored.err;
    EXPECT_NE(restored.err.find("database 'shop' does not exist"), std::string::npos)
        << restored.err;
    EXPECT_EQ(everything_in(pg.name(), "shop"), before);
    EXPECT_EQ(program_.ids().size(), 2u) << "the roles were there, and were saved";
}

// A database that cannot be dumped is no database that is not there.
TEST_F(PostgresRoundTrip, ADatabaseThatTakesNoConnectionsIsNotReplacedUnsaved) {
    PostgresBox pg;
    pg.sql("CREATE TABLE here AS SELECT 42 AS i");
    ASSERT_EQ(program_.run({"backup", pg.name()}).exit_code, 0);
    const auto id = program_.ids().back();
    pg.sql("UPDATE here SET i = 43");
    PostgresBox::sql_in(pg.name(), "ALTER DATABASE shop ALLOW_CONNECTIONS false", "postgres");
    const auto refused = program_.run({"restore", id, "--to", pg.name(), "--confirm"});
    EXPECT_NE(refused.exit_code, 0) << refused.out;
    EXPECT_NE(refused.err.find("nothing was touched"), std::string::npos) << refused.err;
    PostgresBox::sql_in(pg.name(), "ALTER DATABASE shop ALLOW_CONNECTIONS true", "postgres");
    EXPECT_EQ(pg.sql("SELECT i FROM here"), "43");
}

// The job saves `shop` alone; what is replaced is another.
TEST_F(PostgresRoundTrip, ARestoreUnderAnotherNameSavesWhatHadThatName) {
    PostgresBox pg;
    pg.sql("CREATE TABLE mine AS SELECT 1 AS i");
    ASSERT_EQ(program_.run({"backup", pg.name()}).exit_code, 0);
    const auto id = program_.ids().back();
    PostgresBox::sql_in(pg.name(), "CREATE DATABASE \"o,ther\"", "postgres");
    PostgresBox::sql_in(pg.name(), "CREATE DATABASE other", "postgres");
    for (const char* name : {"o,ther", "other"}) {
        SCOPED_TRACE(name);
        PostgresBox::sql_in(pg.name(), "CREATE TABLE precious AS SELECT 7 AS i", name);
        const auto before = program_.ids();
        const auto done = program_.run({"restore", id, "--to", pg.name(), "--confirm", "--database",
                                        std::string("shop:") + name});
        ASSERT_EQ(done.exit_code, 0) << done.err;
        EXPECT_EQ(PostgresBox::sql_in(pg.name(), "SELECT i FROM mine", name), "1");
        std::string safety;
        for (const auto& now : program_.ids())
            if (std::find(before.begin(), before.end(), now) == before.end()) safety = now;
        ASSERT_EQ(
            program_.run({"restore", safety, "--to", pg.name(), "--confirm", "--database", name})
                .exit_code,
            0);
        EXPECT_EQ(PostgresBox::sql_in(pg.name(), "SELECT i FROM precious", name), "7");
    }
}

TEST_F(PostgresRoundTrip, EveryDatabaseIsTakenWhenAskedAndOneCanBeRestoredUnderAnotherName) {
    PostgresBox pg({"db.name=*"});
    PostgresBox::sql_in(pg.name(), "CREATE DATABASE \"Käse \"\"und\"\" 'Brot' $(x); -f\"",
                        "postgres");
    PostgresBox::sql_in(pg.name(), "CREATE TABLE here AS SELECT 42 AS i",
                        "dbname='Käse \"und\" \\'Brot\\' $(x); -f'");
    pg.sql("CREATE TABLE a(i int); INSERT INTO a SELECT generate_series(1,100)");
    const auto done = program_.run({"backup", pg.name()});
    ASSERT_EQ(done.exit_code, 0) << done.err;
    unsigned dumps = 0;
    for (const auto& file : program_.stored()) dumps += file.ends_with(".dump.zst");
    EXPECT_EQ(dumps, 3u) << "postgres, shop and the odd one";

    const auto restored = program_.run(
        {"restore", pg.name(), "--to", pg.name(), "--confirm", "--database", "shop:copy"});
    ASSERT_EQ(restored.exit_code, 0) << restored.err;
    EXPECT_EQ(PostgresBox::sql_in(pg.name(), "SELECT count(*) FROM a", "copy"), "100");
    EXPECT_EQ(pg.sql("SELECT count(*) FROM a"), "100");
}

TEST_F(PostgresRoundTrip, RestoreTxtAloneIsEnough) {
    PostgresBox pg;
    pg.sql(kRealisticSchema);
    const auto before = everything_in(pg.name(), "shop");
    ASSERT_EQ(program_.run({"backup", pg.name()}).exit_code, 0);
    PostgresBox fresh;
    PostgresBox::sql_in(fresh.name(), "DROP DATABASE shop", "postgres");
    restore_by_recipe(program_, fresh);
    EXPECT_EQ(everything_in(fresh.name(), "shop"), before);
}

TEST_F(PostgresRoundTrip, NoFileIsNeededToBackUpTwoLabelledContainers) {
    PostgresBox one({"name=one"}), two({"name=two"});
    one.sql("CREATE TABLE a(i int)");
    TempDir home;
    const auto done = run({Baktainer::program(), "backup", "one", "two"},
                          {{"HOME", home.path()},
                           {"BT_STATE_DIR", home.path() + "/state"},
                           {"BT_BACKUP_DIR", home.path() + "/backups"},
                           {"DOCKER_HOST", docker_host()}});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    unsigned manifests = 0;
    for (const auto& entry : fs::recursive_directory_iterator(home.path() + "/backups"))
        manifests += entry.path().filename() == "manifest.json";
    EXPECT_EQ(manifests, 2u);
}

}  // namespace
}  // namespace bkt::test
