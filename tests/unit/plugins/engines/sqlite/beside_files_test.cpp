// The program's words and bytes as the engine takes them. Runs of the real one are in tests/integration/sqlite.
#include "plugins/engines/sqlite/beside_files.hpp"

#include "plugins/engines/sqlite/page_stream.hpp"
#include "plugins/engines/sqlite/program.hpp"
#include "tests/unit/plugins/engines/sqlite/fixture.hpp"

namespace bkt::sqlite {
namespace {

using test::said;
using Bench = test::EngineBench<SqliteEngine>;

struct BesideFiles : SqliteEngineTest {
    BesideFiles() {
        bench.host.config["target.id"] = dir_.path();
        bench.host.config["db.name"] = file();
        make_live_database(file());
        bench.host.exec = [this](Call& c, const ExecRequest& r) { return answer(c, r); };
    }
    // A container without any tool, where the program does as it does.
    Result<ExecOutcome> answer(Call& c, const ExecRequest& r) {
        if (r.program.empty())
            return Error{Code::not_found, "there is no '" + r.argv.front() + "' in the container"};
        ExecOutcome outcome{0, BKT_EXIT_WAITED, 0, 0, ""};
        testing::MemorySink records;
        const auto copied = send_pages(c, file(), records.sink());
        if (!copied) return copied.error();
        outcome.stderr_tail = "baktainer-fact page_count " + copied->page_count +
                              "\nbaktainer-fact page_size 4096\nbaktainer-fact journal_mode wal\n" +
                              "baktainer-fact user_version 42\nbaktainer-fact sqlite_version 3\n";
        if (r.argv.at(1) == "dump") {
            if (spoil) spoil(records.text, outcome);
            if (!r.out->write(as_bytes(records.text)))
                return Error{Code::failed, "the output could not be delivered"};
            outcome.stdout_bytes = records.text.size();
        }
        return outcome;
    }
    Status dumped() {
        testing::MemoryPlan planned;
        testing::MemoryPartsOut parts(planned);
        bench.reopen();
        BKT_TRY(bench.plan(planned));
        Status done = bench.dump(planned, parts);
        EXPECT_EQ(parts.complete(), done.has_value());
        EXPECT_TRUE(bench.host.temp_is_empty());
        return done;
    }
    std::string file() const { return path("app.db"); }
    std::function<void(std::string& records, ExecOutcome&)> spoil;
    Bench bench;
    testing::MemoryPlan plan;
};

TEST_F(BesideFiles, AreTakenByTheProgramWhereThereIsNoTool) {
    testing::MemoryPartsOut parts(plan);
    {
        const BusyWriter writer(file());
        dump_ok(bench, parts, plan);
    }
    expect_untorn(parts.text("app.db.sqlite"));
    EXPECT_EQ(parts.facts["app.db.sqlite.user_version"], "42");
    EXPECT_EQ(plan.consistency, BKT_CONSISTENCY_TRANSACTIONAL);
    ASSERT_EQ(plan.notes.size(), 2u);
    EXPECT_NE(plan.notes[0].find("no 'sqlite3' tool"), std::string::npos) << plan.notes[0];
    EXPECT_NE(plan.notes[1].find("beside"), std::string::npos) << plan.notes[1];
    EXPECT_TRUE(bench.host.temp_is_empty());
}

TEST_F(BesideFiles, AreTakenByTheProgramInModeSidecarWithoutALookForTools) {
    bench.host.config["mode"] = "sidecar";
    EXPECT_EQ(said(dumped()), "ok");
    for (const auto& request : bench.host.requests) EXPECT_EQ(request.argv[0], "baktainer-sqlite");
}

// A path is a word of its own, whatever it holds.
TEST_F(BesideFiles, AreNamedByOneWord) {
    bench.host.config["db.name"] = "/data/it's $(touch pwned); -x.db";
    EXPECT_TRUE(bench.plan(plan));
    EXPECT_EQ(bench.host.requests.back().argv.back(), "/data/it's $(touch pwned); -x.db");
}

TEST_F(BesideFiles, ThatAreCutOrSpoiltAreNoBackup) {
    const struct {
        const char* name;
        std::function<void(std::string&, ExecOutcome&)> spoil;
        Code code;
    } kCases[] = {
        {"cut, and all well", [](auto& r, auto&) { r.resize(r.size() / 2); }, Code::truncated},
        {"nothing, and all well", [](auto& r, auto&) { r.clear(); }, Code::truncated},
        {"a page is other", [](auto& r, auto&) { r.replace(16 + 4096 + 16, 4000, 4000, '\7'); },
         Code::corrupt},
        {"too few pages", [](auto&, auto& o) { o.stderr_tail = "baktainer-fact page_count 7\n"; },
         Code::truncated},
        {"killed", [](auto&, auto& o) { o.exit_code = 137; }, Code::failed},
        {"told why",
         [](auto&, auto& o) {
             o.exit_code = 64;
             o.stderr_tail = "baktainer-error " + std::to_string(BKT_UNAVAILABLE) +
                             " database is locked\twait for it\n";
         },
         Code::unavailable},
        {"failed without a word", [](auto&, auto& o) { o.exit_code = 64, o.stderr_tail.clear(); },
         Code::failed},
    };
    for (const auto& c : kCases) {
        SCOPED_TRACE(c.name);
        spoil = c.spoil;
        const Status done = dumped();
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().code, c.code) << done.error().message;
    }
}

TEST_F(BesideFiles, SayWhatTheProgramSaid) {
    spoil = [](auto&, auto& o) {
        o.exit_code = 64;
        o.stderr_tail =
            "baktainer-error " + std::to_string(BKT_UNAVAILABLE) + " it is locked\twait\n";
    };
    const Status done = dumped();
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().message, "in the container: it is locked");
    EXPECT_EQ(done.error().hint, "wait");
}

// The real program, on this machine: no volume of a container's is here.
TEST_F(BesideFiles, AreRefusedByTheProgramOutsideAVolume) {
    const auto executable = path("program");
    write_file(executable, std::string(program_bytes()));
    std::filesystem::permissions(executable, std::filesystem::perms::owner_all);
    bench.host.config["db.name"] = "/etc/app.db";
    bench.host.config["mode"] = "sidecar";
    bench.host.exec = [&](Call& c, const ExecRequest& r) {
        ExecRequest here = r;
        here.argv.front() = executable;
        return local_host::run_tool(c, here);
    };
    const Status planned = bench.plan(plan);
    ASSERT_FALSE(planned);
    EXPECT_EQ(planned.error().code, Code::unsupported) << planned.error().message;
    EXPECT_NE(planned.error().hint.find("volume"), std::string::npos);
}

}  // namespace
}  // namespace bkt::sqlite
