// Plugins that did not come with Baktainer, in their own processes, at real work.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/baktainer.hpp"
#include "tests/support/docker.hpp"

namespace bkt::test {
namespace {

namespace fs = std::filesystem;

// A folder of plugins holding the one that was built in `from`.
class Plugins final {
public:
    Plugins(const std::string& id, const std::string& from) : id_(id) {
        const auto to = fs::path(dir_.path()) / id;
        fs::create_directory(to);
        for (const auto& entry : fs::directory_iterator(from)) {
            const auto name = entry.path().filename();
            if (name == "plugin.json" || name.extension() == ".so") fs::copy_file(entry, to / name);
        }
    }
    std::string yaml(const std::string& trust = "unsigned") const {
        return "plugins: { path: [" + dir_.path() + "], use: { " + id_ + ": { trust: " + trust +
               " } } }";
    }

private:
    TempDir dir_;
    std::string id_;
};

TEST(Strangers, AnEngineBacksUpAndRestoresARealMariadb) {
    constexpr const char* kImage = "mariadb:10.11";
    BKT_NEED_IMAGE(kImage);
    if (!fs::exists(MINI_ENGINE_DIR "/plugin.json"))
        GTEST_SKIP() << "sdk.examples.gcc-12 has not run";
    const Plugins plugins("com.acme.mini", MINI_ENGINE_DIR);
    const Container db(
        kImage, {"--label", "baktainer.backup=true", "--label", "baktainer.db.engine=mini-mysql",
                 "-e", "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD=1", "-e", "MARIADB_DATABASE=shop"});
    ASSERT_TRUE(testing::comes_true_in(db.name(), "mysql -h127.0.0.1 -e 'SELECT 1'"));
    db.must_exec({"mysql", "shop", "-e",
                  "CREATE TABLE item(id INT PRIMARY KEY, name VARCHAR(200) CHARACTER SET utf8mb4);"
                  "INSERT INTO item SELECT seq, CONCAT('\xC3\xA4pfel ', seq) FROM seq_1_to_20000"});
    const std::vector<std::string> checksum{"mysql", "-N", "shop", "-e", "CHECKSUM TABLE item"};
    const auto before = db.must_exec(checksum);

    Baktainer program("  docker: { socket: \"" + docker_host() + "\" }");
    program.configure(plugins.yaml());
    const auto done = program.run({"backup", db.name()});
    ASSERT_EQ(done.exit_code, 0) << done.out << done.err;
    EXPECT_EQ(program.run({"verify", "--all"}).exit_code, 0);

    db.must_exec({"mysql", "-e", "DROP DATABASE shop"});
    const auto restored =
        program.run({"restore", program.ids().back(), "--to", db.name(), "--confirm"});
    ASSERT_EQ(restored.exit_code, 0) << restored.out << restored.err;
    EXPECT_EQ(db.must_exec(checksum), before);
}

TEST(Strangers, ACrashInTheMiddleOfADumpCostsThatRunOnly) {
    const Plugins plugins("test.crash", CRASH_ENGINE_DIR);
    TempDir dir;
    const auto db = dir.path() + "/notes.db";
    must({"sqlite3", db, "CREATE TABLE t(x); INSERT INTO t VALUES (1);"});
    Baktainer program(
        "  local: { targets: [ { name: broken, db.engine: crash, db.name: x }, { name: "
        "notes, db.engine: sqlite, db.name: \"" +
        db + "\" } ] }");
    program.configure(plugins.yaml());
    for (int round = 1; round <= 2; ++round) {
        SCOPED_TRACE(round);
        const auto done = program.run({"backup", "--all"});
        EXPECT_EQ(done.exit_code, 3) << done.out << done.err;
        EXPECT_NE(done.err.find("plugin 'test.crash' was killed by signal 6"), std::string::npos)
            << done.err;
        EXPECT_EQ(program.ids().size(), static_cast<std::size_t>(round)) << "the other target's";
    }
    for (const auto& file : program.stored())
        EXPECT_EQ(file.find("broken"), std::string::npos) << file;
    EXPECT_EQ(program.run({"verify", "--all"}).exit_code, 0);

    // The third fault within ten minutes is the last: it is kept out until a person has looked.
    EXPECT_EQ(program.run({"backup", "--all"}).exit_code, 3);
    const auto out = program.run({"backup", "broken"});
    EXPECT_NE(out.exit_code, 0);
    EXPECT_NE((out.out + out.err).find("it failed too often"), std::string::npos)
        << out.out << out.err;
    EXPECT_EQ(program.run({"plugin", "reset", "test.crash"}).exit_code, 0);
    const auto again = program.run({"backup", "broken"});
    EXPECT_NE(again.err.find("was killed by signal 6"), std::string::npos) << again.err;
}

TEST(Strangers, APartThatWasPlannedAndNotFinishedMakesNoBackup) {
    const Plugins plugins("test.crash", CRASH_ENGINE_DIR);
    Baktainer program(
        "  local: { targets: [ { name: broken, db.engine: crash, db.name: half } ] }");
    program.configure(plugins.yaml());
    const auto done = program.run({"backup", "broken"});
    EXPECT_EQ(done.exit_code, 1) << done.out;
    EXPECT_NE(done.err.find("plugin 'test.crash' said OK and did not finish the part 'roles.sql'"),
              std::string::npos)
        << done.err;
    EXPECT_TRUE(program.ids().empty());
    EXPECT_TRUE(program.stored().empty()) << "the part that came was taken away again";
}

struct Said {
    const char* name;  // of the database
    int exit_code;     // of its restore in place
    const char* words;
    bool began;
};
TEST(Strangers, ARestoreGoesOnWithoutASafetyBackupOnlyWhereTheEngineSaysThatNothingIsThere) {
    for (const auto& row :
         {Said{"told", 0, "database 'told' does not exist: nothing of it is saved", true},
          Said{"vague", 1, "plans to save nothing and does not say that nothing is there",
               false}}) {
        SCOPED_TRACE(row.name);
        const Plugins plugins("test.crash", CRASH_ENGINE_DIR);
        Baktainer program("  local: { targets: [ { name: db, db.engine: crash, db.name: " +
                          std::string(row.name) + " } ] }");
        program.configure(plugins.yaml());
        ASSERT_EQ(program.run({"backup", "db"}).exit_code, 0);
        const auto done =
            program.run({"restore", program.ids().front(), "--to", "db", "--confirm"});
        EXPECT_EQ(done.exit_code, row.exit_code) << done.err;
        EXPECT_NE(done.err.find(row.words), std::string::npos) << done.err;
        EXPECT_EQ(done.err.find("the restore began") != std::string::npos, row.began) << done.err;
        EXPECT_EQ(program.ids().size(), 1u);
    }
}

TEST(Strangers, ABackupIsRefusedWhoseEngineSaysThatSomethingIsGone) {
    const Plugins plugins("test.crash", CRASH_ENGINE_DIR);
    Baktainer program("  local: { targets: [ { name: db, db.engine: crash, db.name: hasty } ] }");
    program.configure(plugins.yaml());
    const auto done = program.run({"backup", "db"});
    EXPECT_EQ(done.exit_code, 1) << done.out;
    EXPECT_NE(done.err.find("leaves out what is to be backed up: database 'told'"),
              std::string::npos)
        << done.err;
    EXPECT_TRUE(program.stored().empty());
}

TEST(Strangers, AreLoadedOnlyWhenTheConfigurationSaysWhyTheyAreTrusted) {
    const Plugins plugins("test.crash", CRASH_ENGINE_DIR);
    Baktainer program("  local: { targets: [ { name: broken, db.engine: crash, db.name: x } ] }");
    program.configure(plugins.yaml("sha256:" + std::string(64, '0')));
    const auto out = program.run({"backup", "broken"});
    EXPECT_NE(out.exit_code, 0);
    EXPECT_EQ(out.err.find("signal"), std::string::npos) << "it ran";
    EXPECT_NE((out.out + out.err).find("test.crash"), std::string::npos) << out.out << out.err;
}

}  // namespace
}  // namespace bkt::test
