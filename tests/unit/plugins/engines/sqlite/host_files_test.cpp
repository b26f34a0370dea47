#include <fcntl.h>
#include <sys/file.h>

#include "baktainer/unique_fd.hpp"
#include "tests/unit/plugins/engines/sqlite/fixture.hpp"

namespace bkt::sqlite {
namespace {

using test::said;
using Bench = test::EngineBench<SqliteEngine>;

struct HostFiles : SqliteEngineTest {
    HostFiles() {
        bench.host.config["target.host_files"] = "true";
        bench.host.config["db.name"] = path("notes.db");
    }
    Bench bench;
    testing::MemoryPlan plan;
};

TEST_F(HostFiles, AreCopiedAsOneCommittedStateWhileAWriterNeverRests) {
    make_live_database(path("notes.db"));
    testing::MemoryPartsOut parts(plan);
    int commits_meanwhile = 0;
    {
        const BusyWriter writer(path("notes.db"));
        const int before = writer.commits();
        dump_ok(bench, parts, plan);
        commits_meanwhile = writer.commits() - before;
    }
    EXPECT_GT(commits_meanwhile, 0);
    const std::string& bytes = parts.text("notes.db.sqlite");
    expect_untorn(bytes);
    EXPECT_EQ(said(bench.validate("notes.db.sqlite", std::string(kMediaType), bytes)), "ok");
    EXPECT_EQ(said(bench.validate("notes.db.sqlite", std::string(kMediaType), bytes, true)), "ok");
    EXPECT_EQ(parts.facts["notes.db.sqlite.user_version"], "42");
    EXPECT_EQ(parts.facts["notes.db.sqlite.journal_mode"], "wal");
    EXPECT_EQ(plan.consistency, BKT_CONSISTENCY_TRANSACTIONAL);
    EXPECT_TRUE(bench.host.temp_is_empty());
}

TEST_F(HostFiles, LeaveNoTemporaryCopyWhateverFails) {
    make_live_database(path("notes.db"));
    const std::uint64_t size = 3000 * 4096;
    for (const std::uint64_t at : {std::uint64_t{0}, size / 2}) {
        testing::MemoryPlan p;
        testing::MemoryPartsOut parts(p);
        parts.fail_at_byte["notes.db.sqlite"] = at;
        ASSERT_EQ(said(bench.plan(p)), "ok");
        EXPECT_EQ(bench.dump(p, parts).error().code, Code::no_space);
        EXPECT_FALSE(parts.complete());
        EXPECT_TRUE(bench.host.temp_is_empty());
    }
}

TEST_F(HostFiles, AreNotCopiedOnceCancelled) {
    make_live_database(path("notes.db"));
    testing::MemoryPartsOut parts(plan);
    ASSERT_EQ(said(bench.plan(plan)), "ok");
    bench.call.on_progress = [&](auto, auto) { bench.call.cancel(); };
    const Status done = bench.dump(plan, parts);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::cancelled);
    EXPECT_TRUE(parts.parts.empty());
    EXPECT_TRUE(bench.host.temp_is_empty());
}

TEST_F(HostFiles, ThatAreMissingAreNeverMade) {
    const Status planned = bench.plan(plan);
    ASSERT_FALSE(planned);
    EXPECT_EQ(planned.error().code, Code::not_found);
    EXPECT_FALSE(std::filesystem::exists(path("notes.db")));
}

TEST_F(HostFiles, ThatAreNoDatabaseAreRefusedWithARemedy) {
    write_file(path("notes.db"), std::string(8192, 'x'));
    const Status planned = bench.plan(plan);
    ASSERT_FALSE(planned);
    EXPECT_EQ(planned.error().code, Code::corrupt);
    EXPECT_NE(planned.error().hint.find("encrypted"), std::string::npos);
}

TEST_F(HostFiles, ThatAreDamagedInsideAreNotBackedUp) {
    make_live_database(path("notes.db"));
    sql(path("notes.db"), "PRAGMA wal_checkpoint(TRUNCATE)");
    std::string bytes = read_file(path("notes.db"));
    bytes.replace(4096, 64, std::string(64, '\xff'));  // the root page of a table
    write_file(path("notes.db"), bytes);
    testing::MemoryPartsOut parts(plan);
    ASSERT_EQ(said(bench.plan(plan)), "ok");
    const Status done = bench.dump(plan, parts);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::corrupt);
    EXPECT_TRUE(parts.parts.empty());
}

TEST_F(HostFiles, OfNothingYetAreBackedUpAndRestoredAllTheSame) {
    write_file(path("notes.db"), "");  // what SQLite calls an empty database
    testing::MemoryPartsOut parts(plan);
    dump_ok(bench, parts, plan);
    EXPECT_EQ(said(bench.validate("p.sqlite", std::string(kMediaType),
                                  parts.text("notes.db.sqlite"), true)),
              "ok");
}

struct HostRestore : HostFiles {
    HostRestore() {
        make_live_database(path("notes.db"));
        dump_ok(bench, parts, plan);
        bench.reopen();
    }
    testing::MemoryPartsOut parts{plan};
};

TEST_F(HostRestore, NeverOverwritesUnlessAsked) {
    const std::string before = read_file(path("notes.db"));
    EXPECT_EQ(bench.restore(testing::MemoryPartsIn(parts)).error().code, Code::exists);
    EXPECT_EQ(read_file(path("notes.db")), before);
}

TEST_F(HostRestore, GoesToAnotherPathWhole) {
    bench.host.config["restore.database"] = path("elsewhere.db");
    ASSERT_EQ(said(bench.restore(testing::MemoryPartsIn(parts))), "ok");
    expect_untorn(read_file(path("elsewhere.db")));
    EXPECT_EQ(query(path("elsewhere.db"), "PRAGMA user_version"), "42");
}

TEST_F(HostRestore, ReplacesALiveDatabaseUnderItsOpenConnections) {
    sqlite3* app = nullptr;
    ASSERT_EQ(sqlite3_open(path("notes.db").c_str(), &app), SQLITE_OK);
    sqlite3_exec(app, "DELETE FROM filler; UPDATE a SET n = 999", nullptr, nullptr, nullptr);
    bench.host.config["restore.clean"] = "true";
    ASSERT_EQ(said(bench.restore(testing::MemoryPartsIn(parts))), "ok");
    std::string n;
    sqlite3_exec(
        app, "SELECT (SELECT n FROM a) || ' ' || (SELECT count(*) FROM filler)",
        [](void* into, int, char** v, char**) {
            *static_cast<std::string*>(into) = v[0];
            return 0;
        },
        &n, nullptr);
    EXPECT_EQ(n, "0 3000");
    EXPECT_EQ(sqlite3_exec(app, "UPDATE a SET n = 1", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(app);
    EXPECT_EQ(query(path("notes.db"), "PRAGMA integrity_check"), "ok");
}

TEST_F(HostRestore, LeavesNothingWhenTheSourceFails) {
    bench.host.config["restore.database"] = path("elsewhere.db");
    testing::MemoryPartsIn in(parts);
    in.fail_at_byte["notes.db.sqlite"] = 1 << 20;
    EXPECT_EQ(bench.restore(in).error().code, Code::unavailable);
    for (const auto& e : std::filesystem::directory_iterator(dir_.path()))
        EXPECT_EQ(e.path().filename().string().rfind("elsewhere", 0), std::string::npos)
            << e.path();
}

TEST_F(HostRestore, RemovesWhatAKilledOneLeftAndNothingElse) {
    const auto left = path("new.db.baktainer-0123456789abcdef");
    const auto busy = path("new.db.baktainer-fedcba9876543210");
    const auto mine = path("new.db.baktainer-0123456789abcdef.txt"), other = path("new.db.old");
    for (const auto& file : {left, left + "-journal", busy, mine, other}) write_file(file, "x");
    const UniqueFd held(::open(busy.c_str(), O_RDONLY));
    ASSERT_EQ(::flock(held.get(), LOCK_EX), 0);
    bench.host.config["restore.database"] = path("new.db");
    ASSERT_EQ(said(bench.restore(testing::MemoryPartsIn(parts))), "ok");
    for (const auto& gone : {left, left + "-journal"})
        EXPECT_FALSE(std::filesystem::exists(gone)) << gone;
    for (const auto& kept : {path("new.db"), busy, mine, other})
        EXPECT_TRUE(std::filesystem::exists(kept)) << kept;
}

TEST_F(HostRestore, RefusesAStaleJournalBesideTheNewDatabase) {
    bench.host.config["restore.database"] = path("elsewhere.db");
    write_file(path("elsewhere.db-journal"), "left over");
    EXPECT_EQ(bench.restore(testing::MemoryPartsIn(parts)).error().code, Code::exists);
    EXPECT_FALSE(std::filesystem::exists(path("elsewhere.db")));
}

TEST_F(HostRestore, FollowsTheRecipeToTheLetter) {
    Call c = bench.call.call();
    const auto recipe = bench.engine().recipe(c, {"notes.db.sqlite"});
    ASSERT_TRUE(recipe);
    write_file(path("notes.db.sqlite"), parts.text("notes.db.sqlite"));
    write_file(path("recipe.sh"), *recipe);
    sql(path("notes.db"), "DELETE FROM filler");
    ASSERT_EQ(std::system(("cd " + dir_.path() + " && sh -e recipe.sh >said").c_str()), 0);
    EXPECT_EQ(read_file(path("said")), "ok\n");
    expect_untorn(read_file(path("notes.db")));
}

}  // namespace
}  // namespace bkt::sqlite
