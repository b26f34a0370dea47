// A SQLite file in a container without sqlite3, written all the while by a process that shares its volume: the locks
// are the kernel's, so a writer of this machine stands for the application.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/integration/sqlite/live_database.hpp"
#include "tests/support/baktainer.hpp"
#include "tests/support/docker.hpp"

namespace bkt::test {
namespace {

constexpr const char* kBusyboxImage = "busybox:1.35";

class SqliteBeside : public ::testing::Test {
protected:
    void SetUp() override {
        BKT_NEED_IMAGE(kBusyboxImage);
        std::filesystem::permissions(data_.path(), std::filesystem::perms::all);
    }
    std::vector<std::string> options(const std::string& file) const {
        return {"-v",      data_.path() + ":/data",      "--label", "baktainer.backup=true",
                "--label", "baktainer.db.engine=sqlite", "--label", "baktainer.db.name=" + file};
    }
    static std::vector<std::string> resting() { return {"sleep", "900"}; }
    std::string file() const { return data_.path() + "/app.db"; }
    // Sidecars of ours that are still there.
    static std::string left_of(const Container& app) {
        const auto id = must_docker({"inspect", "-f", "{{.Id}}", app.name()});
        return must_docker({"ps", "-aq", "--filter", "label=baktainer.sidecar-of=" + id});
    }

    TempDir data_;
    Baktainer program_{"  docker: { socket: \"" + docker_host() + "\" }"};
};

TEST_F(SqliteBeside, IsBackedUpAsOneCommittedStateAndComesBackInPlace) {
    const Container app(kBusyboxImage, options("/data/app.db"), resting());
    const auto planned = [&] { return program_.run({"backup", app.name(), "--dry-run"}).out; };
    {
        LiveDatabase live(file(), 20'000, true);
        EXPECT_NE(planned().find("in a short-lived container beside"), std::string::npos)
            << planned();
        const auto before = live.commits();
        const auto done = program_.run({"backup", app.name()});
        ASSERT_EQ(done.exit_code, 0) << done.out << done.err;
        EXPECT_GT(live.commits(), before) << "the writer was held up";
    }
    EXPECT_EQ(program_.run({"verify", "--all"}).exit_code, 0);
    const TempDir plain;
    const auto id = program_.ids().front();
    ASSERT_EQ(program_.run({"restore", id, "--to", "file:" + plain.path()}).exit_code, 0);
    const auto copy = plain.path() + "/app.db.sqlite";
    EXPECT_EQ(LiveDatabase::broken(copy), "");
    const auto rows = LiveDatabase::rows(copy);
    EXPECT_GE(rows, 20'000);

    // Over other rows, under a connection that stays open.
    sqlite3* open = nullptr;
    ASSERT_EQ(sqlite3_open(file().c_str(), &open), SQLITE_OK);
    sqlite3_busy_timeout(open, 10'000);
    execute(open, "DELETE FROM ledger");
    const auto back = program_.run({"restore", id, "--to", app.name(), "--confirm"});
    ASSERT_EQ(back.exit_code, 0) << back.out << back.err;
    EXPECT_EQ(number(open, "SELECT count(*) FROM ledger"), rows);
    sqlite3_close(open);
    EXPECT_EQ(LiveDatabase::broken(file()), "");
    EXPECT_EQ(left_of(app), "");
    EXPECT_EQ(app.must_sh("ls -A / | grep -c baktainer || :"), "0")
        << "nothing is put into the target";
    EXPECT_EQ(app.must_sh("ls /data"), "app.db") << "nothing is left beside the database";
}

// With a rollback journal a writer waits; a copy without the lock would be torn.
TEST_F(SqliteBeside, HoldsCommitsOfARollbackJournalBack) {
    const Container app(kBusyboxImage, options("/data/app.db"), resting());
    { const LiveDatabase made(file(), 20'000, false); }
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(file().c_str(), &db), SQLITE_OK);
    // Within a transaction that has written some of its pages into the file already, for its cache is small.
    execute(db,
            "PRAGMA journal_mode=DELETE; PRAGMA cache_size=10; PRAGMA cache_spill=10;"
            "BEGIN IMMEDIATE; DELETE FROM ledger WHERE id % 2 = 0");
    std::thread ender([&] {
        std::this_thread::sleep_for(std::chrono::seconds(4));
        execute(db, "ROLLBACK");
    });
    const auto begun = std::chrono::steady_clock::now();
    const auto done = program_.run({"backup", app.name()});
    const auto took = std::chrono::steady_clock::now() - begun;
    ender.join();
    sqlite3_close(db);
    ASSERT_EQ(done.exit_code, 0) << done.out << done.err;
    EXPECT_GT(took, std::chrono::seconds(3)) << "the lock was waited for";
    const TempDir plain;
    ASSERT_EQ(
        program_.run({"restore", program_.ids().front(), "--to", "file:" + plain.path()}).exit_code,
        0);
    EXPECT_EQ(LiveDatabase::broken(plain.path() + "/app.db.sqlite"), "");
}

// The application gave up root, as most do: what SQLite makes beside its database must be the application's.
TEST_F(SqliteBeside, WorksAsTheOwnerOfTheFileWhereTheContainerIsRoot) {
    const Container app(kBusyboxImage, options("/data/own/app.db"), resting());
    app.must_sh("mkdir -m 700 /data/own");
    const auto own = data_.path() + "/own/app.db";
    { const LiveDatabase made(own, 500, false); }
    app.must_sh("chown -R 1234:2345 /data/own && chmod 600 /data/own/*");
    const auto done = program_.run({"backup", app.name()});
    ASSERT_EQ(done.exit_code, 0) << done.out << done.err;
    EXPECT_EQ(app.must_sh("find /data/own ! -user 1234"), "");

    const auto back = program_.run({"restore", program_.ids().front(), "--to", app.name(),
                                    "--confirm", "--database", "app.db:/data/own/new.db"});
    ASSERT_EQ(back.exit_code, 0) << back.out << back.err;
    EXPECT_EQ(app.must_sh("stat -c '%u:%g %a' /data/own/new.db"), "1234:2345 600");
    EXPECT_EQ(LiveDatabase::broken(data_.path() + "/own/new.db"), "");
}

TEST_F(SqliteBeside, OutsideAVolumeIsRefusedWithARemedyAndNeverTheImagesOwn) {
    const Container app(kBusyboxImage, options("/tmp/app.db"), resting());
    const Container other(kBusyboxImage, options("/etc/hosts.db"), resting());
    for (const auto* box : {&app, &other}) {
        const auto done = program_.run({"backup", box->name()});
        EXPECT_EQ(done.exit_code, 1) << done.out;
        EXPECT_NE(done.err.find("lies in no volume"), std::string::npos) << done.err;
        EXPECT_NE(done.err.find("add the sqlite3 package"), std::string::npos) << done.err;
        EXPECT_EQ(left_of(*box), "");
    }
    EXPECT_TRUE(program_.ids().empty());
}

TEST_F(SqliteBeside, ThatIsMissingOrNoDatabaseIsSaid) {
    const Container app(kBusyboxImage, options("/data/app.db"), resting());
    const auto missing = program_.run({"backup", app.name()});
    EXPECT_EQ(missing.exit_code, 1);
    EXPECT_NE(missing.err.find("there is no database file '/data/app.db'"), std::string::npos)
        << missing.err;
    app.must_sh("head -c 9000 /dev/urandom >/data/app.db");
    const auto nonsense = program_.run({"backup", app.name()});
    EXPECT_EQ(nonsense.exit_code, 1);
    EXPECT_NE(nonsense.err.find("not a database"), std::string::npos) << nonsense.err;
    EXPECT_TRUE(program_.ids().empty());
}

TEST_F(SqliteBeside, ARestoreOfDamagedBytesLeavesTheOldDatabase) {
    const Container app(kBusyboxImage, options("/data/app.db"), resting());
    { const LiveDatabase live(file(), 2'000, false); }
    ASSERT_EQ(program_.run({"backup", app.name()}).exit_code, 0);
    const auto id = program_.ids().front();
    for (const auto& stored : program_.stored())
        if (stored.find("app.db.sqlite") != std::string::npos) {
            const auto path = program_.store() + "/" + stored;
            std::filesystem::permissions(path, std::filesystem::perms::owner_all);
            std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
        }
    EXPECT_NE(program_.run({"restore", id, "--to", app.name(), "--confirm"}).exit_code, 0);
    EXPECT_EQ(LiveDatabase::broken(file()), "");
    EXPECT_EQ(LiveDatabase::rows(file()), 2'000);
}

}  // namespace
}  // namespace bkt::test
