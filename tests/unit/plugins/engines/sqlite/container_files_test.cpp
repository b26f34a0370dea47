// The scripts run here with this machine's sh and sqlite3, as they would in a container.
#include "tests/unit/plugins/engines/sqlite/fixture.hpp"

namespace bkt::sqlite {
namespace {

using test::said;
using Bench = test::EngineBench<SqliteEngine>;

struct ContainerFiles : SqliteEngineTest {
    ContainerFiles() {
        bench.host.config["target.id"] = dir_.path();
        bench.host.config["db.name"] = path("it's $(touch pwned); .db");
        make_live_database(file());
        bench.host.exec = [this, run = bench.host.exec](Call& c, const ExecRequest& r) {
            note_tag(r);
            return run(c, r);
        };
    }
    void note_tag(const ExecRequest& r) {
        if (r.argv.size() > 5) tag = r.argv[5];
    }
    // Folders our scripts left in /tmp, where other tests work at the same time.
    std::vector<std::string> leftovers() const {
        EXPECT_FALSE(tag.empty());
        std::vector<std::string> found;
        for (const auto& e : std::filesystem::directory_iterator("/tmp"))
            if (e.path().filename().string().starts_with("baktainer-" + tag + "."))
                found.push_back(e.path());
        return found;
    }
    std::string file() const { return path("it's $(touch pwned); .db"); }
    const std::string part = "it%27s%20%24%28touch%20pwned%29%3B%20.db.sqlite";
    std::string tag;  // the target's own word in the names of its temporary folders
    Bench bench;
    testing::MemoryPlan plan;
};

TEST_F(ContainerFiles, AreCopiedAsOneCommittedStateWhileAWriterNeverRests) {
    testing::MemoryPartsOut parts(plan);
    {
        const BusyWriter writer(file());
        dump_ok(bench, parts, plan);
    }
    expect_untorn(parts.text(part));
    EXPECT_EQ(said(bench.validate(part, std::string(kMediaType), parts.text(part), true)), "ok");
    EXPECT_EQ(parts.parts.at(part)->tool_bytes, parts.text(part).size());
    EXPECT_EQ(parts.facts[part + ".user_version"], "42");
    EXPECT_FALSE(parts.facts["sqlite_version"].empty());
    EXPECT_TRUE(leftovers().empty());
}

TEST_F(ContainerFiles, GoAndComeBackByTheToolAlone) {
    testing::MemoryPartsOut parts(plan);
    dump_ok(bench, parts, plan);
    bench.reopen();
    EXPECT_EQ(bench.restore(testing::MemoryPartsIn(parts)).error().code, Code::exists);

    bench.host.config["restore.database"] = path("-new 'place'.db");
    ASSERT_EQ(said(bench.restore(testing::MemoryPartsIn(parts))), "ok");
    expect_untorn(read_file(path("-new 'place'.db")));

    bench.host.config.erase("restore.database");
    bench.host.config["restore.clean"] = "true";
    sql(file(), "DELETE FROM filler");
    ASSERT_EQ(said(bench.restore(testing::MemoryPartsIn(parts))), "ok");
    EXPECT_EQ(query(file(), "SELECT count(*) FROM filler"), "3000");
    for (const auto& e : std::filesystem::directory_iterator(dir_.path()))
        EXPECT_FALSE(e.path().filename().string().starts_with(".baktainer")) << e.path();
}

TEST_F(ContainerFiles, AreNotRestoredFromACutStream) {
    testing::MemoryPartsOut parts(plan);
    dump_ok(bench, parts, plan);
    testing::MemoryPartsIn in(parts);
    in.fail_at_byte[part] = 1 << 20;
    bench.host.config["restore.database"] = path("new.db");
    EXPECT_EQ(bench.restore(in).error().code, Code::unavailable);
    EXPECT_FALSE(std::filesystem::exists(path("new.db")));
}

TEST_F(ContainerFiles, AreNotRestoredFromDamagedBytes) {
    testing::MemoryPartsOut parts(plan);
    dump_ok(bench, parts, plan);
    std::string bytes = parts.text(part);
    bytes.resize(bytes.size() / 2);
    bench.host.config["restore.clean"] = "true";
    EXPECT_EQ(
        bench.restore(testing::MemoryPartsIn(std::map<std::string, std::string>{{part, bytes}}))
            .error()
            .code,
        Code::corrupt);
    EXPECT_EQ(query(file(), "SELECT count(*) FROM filler"), "3000");
}

TEST_F(ContainerFiles, LeaveNoCopyBehindWhenTheStoreFails) {
    testing::MemoryPartsOut parts(plan);
    parts.fail_at_byte[part] = 1 << 20;
    ASSERT_EQ(said(bench.plan(plan)), "ok");
    EXPECT_EQ(bench.dump(plan, parts).error().code, Code::no_space);
    EXPECT_TRUE(leftovers().empty());
}

TEST_F(ContainerFiles, RemoveWhatAKilledRunLeft) {
    testing::MemoryPartsOut parts(plan);
    ASSERT_EQ(said(bench.plan(plan)), "ok");
    // Killed as by the kernel: no trap runs.
    bench.host.exec = [&](Call& c, const ExecRequest& r) {
        note_tag(r);
        ExecRequest killed = r;
        auto& script = killed.argv.at(2);
        script.replace(script.find("cat copy.sqlite"), 15, "kill -9 $$");
        return local_host::run_tool(c, killed);
    };
    EXPECT_FALSE(bench.dump(plan, parts));
    EXPECT_FALSE(parts.complete());
    EXPECT_EQ(leftovers().size(), 1u);

    Bench next;
    next.host.config = bench.host.config;
    testing::MemoryPlan again;
    testing::MemoryPartsOut whole(again);
    dump_ok(next, whole, again);
    EXPECT_TRUE(leftovers().empty());
}

TEST_F(ContainerFiles, AreNotWholeWhenBytesWereLostOnTheWay) {
    testing::MemoryPartsOut parts(plan);
    ASSERT_EQ(said(bench.plan(plan)), "ok");
    bench.host.exec = [&](Call& c, const ExecRequest& r) {
        ExecRequest cut = r;
        auto& script = cut.argv.at(2);
        script.replace(script.find("cat copy.sqlite"), 15, "head -c 8192 copy.sqlite");
        return local_host::run_tool(c, cut);
    };
    const Status done = bench.dump(plan, parts);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::truncated);
    EXPECT_NE(done.error().message.find("8192 came out"), std::string::npos)
        << done.error().message;
    EXPECT_FALSE(parts.complete());
}

// The engine then brings a program of its own: see beside_files_test.cpp.
TEST_F(ContainerFiles, WithoutTheirToolsAreNotTriedByThem) {
    for (const char* missing : {"sqlite3", "mktemp", "wc"}) {
        SCOPED_TRACE(missing);
        const test::TempDir bin;
        for (const std::string tool : {"sh", "sqlite3", "mktemp", "wc", "rm", "cat"})
            if (tool != missing)
                std::filesystem::create_symlink("/usr/bin/" + tool, bin.path() + "/" + tool);
        bench.tool_env = {"PATH=" + bin.path()};
        bench.reopen();
        bench.host.requests.clear();
        EXPECT_FALSE(bench.plan(plan));
        EXPECT_EQ(bench.host.requests.back().argv.front(), "baktainer-sqlite");
    }
}

TEST_F(ContainerFiles, ThatAreMissingAreNotFound) {
    bench.host.config["db.name"] = path("gone.db");
    EXPECT_EQ(bench.plan(plan).error().code, Code::not_found);
    EXPECT_FALSE(std::filesystem::exists(path("gone.db")));
}

}  // namespace
}  // namespace bkt::sqlite
