// The commands run here, as processes of this machine, as they would in a container.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "plugins/engines/custom/custom_engine.hpp"
#include "tests/support/engine_bench.hpp"
#include "tests/support/temp_dir.hpp"

namespace bkt::custom {
namespace {

using test::said;

struct CustomEngineTest : ::testing::Test {
    CustomEngineTest() { bench.host.config["command.end-marker"] = "-- end"; }
    // A command line of this machine's shell, as its user would name it.
    static std::string shell(const std::string& script) {
        return R"(["sh","-c",")" + script + R"("])";
    }
    Status dump() {
        bench.reopen();
        BKT_TRY(bench.plan(plan));
        return bench.dump(plan, parts);
    }
    std::string file(const std::string& name) const {
        std::ifstream in(dir.path() + "/" + name, std::ios::binary);
        std::stringstream all;
        all << in.rdbuf();
        return all.str();
    }
    void set(const std::string& key, const std::string& value) { bench.host.config[key] = value; }

    test::TempDir dir;
    test::EngineBench<CustomEngine> bench;
    testing::MemoryPlan plan;
    testing::MemoryPartsOut parts{plan};
};

TEST_F(CustomEngineTest, StoresWhatTheCommandWritesWithoutAShell) {
    set("command", R"j(["printf","%s|","$(reboot)","; rm -rf /","-- end"])j");
    set("command.end-marker", "-- end|");
    ASSERT_EQ(said(dump()), "ok");
    EXPECT_TRUE(parts.complete());
    EXPECT_EQ(parts.text("dump"), "$(reboot)|; rm -rf /|-- end|");
    EXPECT_EQ(parts.parts.at("dump")->tool_bytes, parts.text("dump").size());
    EXPECT_EQ(said(bench.validate("dump", "", parts.text("dump"))), "ok");
    EXPECT_EQ(bench.validate("dump", "", "cut").error().code, Code::truncated);
    EXPECT_EQ(plan.consistency, BKT_CONSISTENCY_NONE);
    ASSERT_EQ(plan.notes.size(), 2u);
    EXPECT_NE(plan.notes[0].find("not known"), std::string::npos);
    EXPECT_NE(plan.notes[1].find("files only"), std::string::npos);
}

TEST_F(CustomEngineTest, GivesThePasswordByTheEnvironmentOfTheCommandAlone) {
    set("command", shell("printf %s $BAKTAINER_PASSWORD"));
    ASSERT_EQ(said(dump()), "ok");
    EXPECT_EQ(parts.text("dump"), "");
    for (const auto& e : bench.host.requests.at(0).env) EXPECT_EQ(e.find("BAKTAINER"), e.npos);

    bench.host.secrets["db.password"] = "s3cr3t";
    testing::MemoryPartsOut again(plan);
    ASSERT_EQ(said(bench.dump(plan, again)), "ok");
    EXPECT_EQ(again.text("dump"), "s3cr3t");
    for (const auto& word : bench.host.requests.at(1).argv)
        EXPECT_EQ(word.find("s3cr3t"), word.npos);
}

struct Judged {
    const char* name;
    const char *command, *judge;
    Code code;
    const char* message;  // "" = accepted
};
const Judged kJudged[] = {
    {"a dump it likes", "head -c 3000000 /dev/zero", "[ $(wc -c) = 3000000 ]", Code::bug, ""},
    {"a dump it does not like", "echo x", "cat >/dev/null; echo no >&2; exit 3", Code::corrupt,
     "refuses the dump: 'sh' exited 3: no"},
    {"that leaves early, content", "head -c 3000000 /dev/zero", "exit 0", Code::invalid,
     "ended before the dump did"},
    {"that leaves early, discontent", "head -c 3000000 /dev/zero", "exit 3", Code::corrupt,
     "refuses the dump"},
    {"that is not there", "head -c 3000000 /dev/zero", "exec /nowhere/judge", Code::unsupported,
     "has no 'sh'"},
    {"a command that fails when all is written", "echo x; exit 4", "cat >/dev/null", Code::failed,
     "'sh' exited 4"},
    {"a command that is killed", "echo x; kill -9 $$", "cat >/dev/null", Code::failed,
     "'sh' exited 137"},
};

TEST_F(CustomEngineTest, KeepsOnlyWhatTheValidatingCommandAccepts) {
    bench.host.config.erase("command.end-marker");
    for (const auto& c : kJudged) {
        SCOPED_TRACE(c.name);
        set("command", shell(c.command));
        set("command.validate", shell(c.judge));
        testing::MemoryPlan own;
        testing::MemoryPartsOut out(own);
        ASSERT_EQ(said(bench.plan(own)), "ok");
        const auto done = bench.dump(own, out);
        EXPECT_EQ(out.complete(), !*c.message);
        if (!*c.message) {
            EXPECT_EQ(said(done), "ok");
            EXPECT_EQ(out.text("dump").size(), 3'000'000u);
            continue;
        }
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().code, c.code) << said(done);
        EXPECT_NE(done.error().message.find(c.message), std::string::npos) << said(done);
    }
}

TEST_F(CustomEngineTest, IsEndedByAStoreThatFailsThoughAValidatorWaits) {
    set("command", shell("head -c 3000000 /dev/zero"));
    set("command.validate", shell("cat >/dev/null"));
    parts.fail_at_byte["dump"] = 1 << 20;
    EXPECT_EQ(dump().error().code, Code::no_space);
    EXPECT_FALSE(parts.complete());
}

TEST_F(CustomEngineTest, PutsBackOnlyWhereItIsToldHow) {
    const std::map<std::string, std::string> dumped{{"dump", "rows -- end"}};
    set("command", R"(["true"])");
    set("restore.clean", "true");
    const auto no_command = bench.restore(testing::MemoryPartsIn(dumped));
    ASSERT_FALSE(no_command);
    EXPECT_EQ(no_command.error().code, Code::unsupported);
    EXPECT_NE(no_command.error().hint.find("--to file:"), std::string::npos);

    set("command.restore", shell("cat >" + dir.path() + "/back"));
    ASSERT_EQ(said(bench.restore(testing::MemoryPartsIn(dumped))), "ok");
    EXPECT_EQ(file("back"), "rows -- end");

    testing::MemoryPartsIn cut(dumped);
    cut.fail_at_byte["dump"] = 3;
    EXPECT_EQ(bench.restore(cut).error().code, Code::unavailable);

    set("command.restore", shell("exit 0"));
    const auto early = bench.restore(
        testing::MemoryPartsIn(std::map<std::string, std::string>{
            {"dump", std::string(3'000'000, 'x')}}));
    ASSERT_FALSE(early);
    EXPECT_EQ(early.error().code, Code::failed);

    bench.host.config.erase("restore.clean");
    EXPECT_EQ(bench.restore(testing::MemoryPartsIn(dumped)).error().code, Code::exists);
}

TEST_F(CustomEngineTest, WritesARecipeThatAShellReads) {
    set("command", R"(["tool","it's"])");
    Call call = bench.call.call();
    EXPECT_NE(bench.engine().recipe(call, {"dump"})->find("# How it is put back was not told"),
              std::string::npos);
    set("command.restore", R"(["load","it's -f"])");
    EXPECT_NE(bench.engine().recipe(call, {"dump"})->find(R"('load' 'it'\''s -f' < dump)"),
              std::string::npos);
}

}  // namespace
}  // namespace bkt::custom
