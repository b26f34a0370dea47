// A restore in place of a file that was deleted, or to a path of another: what is saved before, on each of the
// three ways to a file.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/integration/sqlite/live_database.hpp"
#include "tests/support/baktainer.hpp"
#include "tests/support/docker.hpp"

namespace bkt::test {
namespace {

namespace fs = std::filesystem;

struct Restored {
    Ended ended;
    std::size_t backups;
};

Restored restore_in_place(Baktainer& program, const std::string& id, const std::string& target,
                          const std::vector<std::string>& more = {}) {
    std::vector<std::string> argv{"restore", id, "--to", target, "--confirm"};
    argv.insert(argv.end(), more.begin(), more.end());
    auto ended = program.run(argv);
    return {std::move(ended), program.ids().size()};
}

struct SqliteGone : ::testing::Test {
    TempDir data;
    const std::string folder = data.path() + "/here", db = folder + "/notes.db";
    Baktainer program{"  local: { targets: [ { name: notes, db.engine: sqlite, db.name: \"" + db +
                      "\" } ] }"};
    std::string id;

    void SetUp() override {
        fs::create_directory(folder);
        { const LiveDatabase live(db, 1'000, false); }
        ASSERT_EQ(program.run({"backup", "notes"}).exit_code, 0);
        id = program.ids().front();
    }
};

TEST_F(SqliteGone, AFileOfThisMachineComesBackForNothingOfItIsThereToSave) {
    fs::remove(db);
    const auto done = restore_in_place(program, id, "notes");
    ASSERT_EQ(done.ended.exit_code, 0) << done.ended.err;
    EXPECT_NE(done.ended.err.find("file '" + db + "' does not exist"), std::string::npos)
        << done.ended.err;
    EXPECT_EQ(done.backups, 1u);
    EXPECT_EQ(LiveDatabase::rows(db), 1'000);
}

// A volume that is not mounted, a link to nowhere: nobody knows what is there.
TEST_F(SqliteGone, WhatCannotBeReachedIsNotTakenForGone) {
    fs::rename(folder, data.path() + "/away");
    auto refused = restore_in_place(program, id, "notes");
    EXPECT_NE(refused.ended.exit_code, 0);
    EXPECT_NE(refused.ended.err.find("nothing was touched"), std::string::npos)
        << refused.ended.err;
    fs::create_directory(folder);
    fs::create_symlink(data.path() + "/unmounted/notes.db", db);
    refused = restore_in_place(program, id, "notes");
    EXPECT_NE(refused.ended.exit_code, 0);
    EXPECT_NE(refused.ended.err.find("nothing was touched"), std::string::npos)
        << refused.ended.err;
}

TEST_F(SqliteGone, ToAnotherPathWhatIsThereIsSavedAndANewPathIsFree) {
    const auto other = folder + "/other.db", fresh = folder + "/new.db";
    { const LiveDatabase live(other, 7, false); }
    const auto to = [&](const std::string& path) {
        return restore_in_place(program, id, "notes", {"--database", "notes.db:" + path});
    };
    auto done = to(fresh);
    ASSERT_EQ(done.ended.exit_code, 0) << done.ended.err;
    EXPECT_EQ(done.backups, 1u);
    EXPECT_EQ(LiveDatabase::rows(fresh), 1'000);

    done = to(other);
    ASSERT_EQ(done.ended.exit_code, 0) << done.ended.err;
    EXPECT_EQ(LiveDatabase::rows(other), 1'000);
    ASSERT_EQ(done.backups, 2u) << "other.db was there, and is no file of the job's";
    auto ids = program.ids();
    std::erase(ids, id);
    const auto out = data.path() + "/saved";
    ASSERT_EQ(program.run({"restore", ids.front(), "--to", "file:" + out}).exit_code, 0);
    EXPECT_EQ(LiveDatabase::rows(fs::directory_iterator(out)->path().string()), 7);
}

// Its name is no path, and no word of "db.name".
TEST_F(SqliteGone, OneFileByItsNameIsSavedAndComesBack) {
    const auto done = restore_in_place(program, id, "notes", {"--database", "notes.db"});
    ASSERT_EQ(done.ended.exit_code, 0) << done.ended.err;
    EXPECT_EQ(done.backups, 2u);
    EXPECT_EQ(LiveDatabase::rows(db), 1'000);
}

TEST(SqliteGoneInAContainer, AFileComesBackByTheImagesToolAndWithoutOne) {
    for (const char* image : {"lab/sqlite-app:1", kBusyboxImage}) {
        SCOPED_TRACE(image);
        BKT_NEED_IMAGE(image);
        const TempDir data;
        fs::permissions(data.path(), fs::perms::all);
        const Container app(
            image,
            {"-v", data.path() + ":/data", "--label", "baktainer.backup=true", "--label",
             "baktainer.db.engine=sqlite", "--label", "baktainer.db.name=/data/own.db"},
            {"sleep", "900"});
        const auto file = data.path() + "/own.db";
        { const LiveDatabase live(file, 1'000, false); }
        Baktainer program("  docker: { socket: \"" + docker_host() + "\" }");
        auto done = program.run({"backup", app.name()});
        ASSERT_EQ(done.exit_code, 0) << done.err;
        for (const auto& entry : fs::directory_iterator(data.path())) fs::remove(entry.path());
        EXPECT_EQ(program.run({"backup", app.name()}).exit_code, 1) << "a backup still says so";

        const auto restored = restore_in_place(program, program.ids().front(), app.name());
        ASSERT_EQ(restored.ended.exit_code, 0) << restored.ended.err;
        EXPECT_EQ(restored.backups, 1u);
        EXPECT_EQ(LiveDatabase::rows(file), 1'000);
    }
}

}  // namespace
}  // namespace bkt::test
