// A live SQLite file backed up, verified and restored with the real program.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/integration/sqlite/live_database.hpp"
#include "tests/support/baktainer.hpp"

namespace bkt::test {
namespace {

namespace fs = std::filesystem;

class SqliteRoundTrip : public ::testing::Test {
protected:
    TempDir data_;
    std::string db_ = data_.path() + "/notes ü.db";
    Baktainer program_{"  local: { targets: [ { name: notes, db.engine: sqlite, db.name: \"" + db_ +
                       "\" } ] }"};

    std::string part() const {
        for (const auto& file : program_.stored())
            if (file.ends_with(".zst")) return program_.store() + "/" + file;
        return {};
    }
};

TEST_F(SqliteRoundTrip, ACopyTakenUnderAWriterIsAStateThatExisted) {
    LiveDatabase live(db_, 20'000, true);
    for (int round = 0; round < 3; ++round) {
        const auto before = live.commits();
        const auto done = program_.run({"backup", "--all"});
        ASSERT_EQ(done.exit_code, 0) << done.err;
        EXPECT_GT(live.commits(), before) << "the writer must not have been held up all along";
        const auto id = program_.ids().back();
        EXPECT_EQ(program_.run({"verify", id}).exit_code, 0);
        const auto out = data_.path() + "/out" + std::to_string(round);
        const auto restored = program_.run({"restore", id, "--to", "file:" + out});
        ASSERT_EQ(restored.exit_code, 0) << restored.err;
        const auto copy = fs::directory_iterator(out)->path().string();
        EXPECT_EQ(LiveDatabase::broken(copy), "");
        EXPECT_GE(LiveDatabase::rows(copy), 20'000);
    }
}

TEST_F(SqliteRoundTrip, RestoresInPlaceOnlyWhenToldAndKeepsTheStateBefore) {
    { LiveDatabase live(db_, 1000, false); }
    ASSERT_EQ(program_.run({"backup", "notes"}).exit_code, 0);
    const auto id = program_.ids().back();
    sqlite3* db = nullptr;
    sqlite3_open(db_.c_str(), &db);
    execute(db, "DELETE FROM ledger WHERE id > 500");
    const auto refused = program_.run({"restore", id, "--to", "notes"});
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_NE(refused.err.find("--confirm"), std::string::npos) << refused.err;
    EXPECT_EQ(number(db, "SELECT count(*) FROM ledger"), 500);

    const auto done = program_.run({"restore", id, "--to", "notes", "--confirm"});
    ASSERT_EQ(done.exit_code, 0) << done.err;
    // An open connection sees the restored state: it was written through SQLite, not under it.
    EXPECT_EQ(number(db, "SELECT count(*) FROM ledger"), 1000);
    sqlite3_close(db);
    EXPECT_EQ(program_.ids().size(), 2u) << "the safety backup";
}

TEST_F(SqliteRoundTrip, RestoreTxtAloneIsEnough) {
    { LiveDatabase live(db_, 1000, false); }
    ASSERT_EQ(program_.run({"backup", "notes"}).exit_code, 0);
    const auto folder = fs::path(part()).parent_path().string();
    // Every indented line is a command; SQLite's recipe must leave a whole database behind.
    must({"sh", "-c",
          "cd \"$1\" && sed -n 's/^   //p' RESTORE.txt > /tmp/bkt-recipe.$$ && sh -eu "
          "/tmp/bkt-recipe.$$; rc=$?; rm -f /tmp/bkt-recipe.$$; exit $rc",
          "sh", folder},
         {{"RESTORED", data_.path() + "/by-hand.db"}});
    std::string found;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.path().extension() == ".sqlite" || entry.path().extension() == ".db")
            found = entry.path().string();
    ASSERT_FALSE(found.empty());
    EXPECT_EQ(LiveDatabase::broken(found), "");
}

TEST_F(SqliteRoundTrip, OneChangedBitAnywhereIsFoundByVerify) {
    { LiveDatabase live(db_, 2000, false); }
    ASSERT_EQ(program_.run({"backup", "notes"}).exit_code, 0);
    const auto size = fs::file_size(part());
    for (const auto at :
         {std::uintmax_t{0}, std::uintmax_t{5}, size / 3, size / 2, size - 5, size - 1}) {
        std::fstream file(part(), std::ios::in | std::ios::out | std::ios::binary);
        file.seekg(static_cast<std::streamoff>(at));
        const char was = static_cast<char>(file.get());
        const auto put = [&](char c) {
            file.seekp(static_cast<std::streamoff>(at)), file.put(c), file.flush();
        };
        put(static_cast<char>(was ^ 0x10));
        const auto verified = program_.run({"verify", "--all"});
        EXPECT_EQ(verified.exit_code, 13) << at << verified.err;
        EXPECT_NE(verified.err.find(fs::path(part()).stem().string()), std::string::npos)
            << verified.err;
        EXPECT_NE(
            program_.run({"restore", "notes", "--to", "file:" + data_.path() + "/bad"}).exit_code,
            0);
        EXPECT_TRUE(!fs::exists(data_.path() + "/bad") || fs::is_empty(data_.path() + "/bad"));
        put(was);
    }
    EXPECT_EQ(program_.run({"verify", "--all"}).exit_code, 0);
}

TEST_F(SqliteRoundTrip, AChangedOrMissingManifestIsNoBackup) {
    { LiveDatabase live(db_, 100, false); }
    ASSERT_EQ(program_.run({"backup", "notes"}).exit_code, 0);
    const auto manifest = fs::path(part()).parent_path() / "manifest.json";
    std::stringstream text;
    text << std::ifstream(manifest).rdbuf();
    auto changed = text.str();
    changed[changed.find("\"sha256\": \"") + 12] ^= 1;
    std::ofstream(manifest) << changed;
    EXPECT_EQ(program_.run({"verify", "--all"}).exit_code, 13);
    fs::remove(manifest);
    EXPECT_EQ(program_.run({"verify", "--all"}).exit_code, 13);
    EXPECT_EQ(program_.run({"catalog", "rescan"}).exit_code, 0);
    EXPECT_TRUE(program_.ids().empty());
}

TEST_F(SqliteRoundTrip, TheCatalogueIsOnlyACache) {
    { LiveDatabase live(db_, 100, false); }
    ASSERT_EQ(program_.run({"backup", "notes"}).exit_code, 0);
    const auto ids = program_.ids();
    fs::remove_all(program_.home() + "/state");
    EXPECT_EQ(program_.ids(), ids);
    EXPECT_EQ(program_.run({"catalog", "rescan"}).exit_code, 0);
    EXPECT_EQ(program_.ids(), ids);
}

}  // namespace
}  // namespace bkt::test
