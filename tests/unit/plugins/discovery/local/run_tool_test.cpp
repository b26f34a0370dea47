#include "plugins/discovery/local/run_tool.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "baktainer/testing/fake_host.hpp"
#include "baktainer/testing/memory_stream.hpp"
#include "plugins/discovery/local/local_discovery.hpp"
#include "tests/support/temp_dir.hpp"

namespace bkt::local_host {
namespace {

using Clock = std::chrono::steady_clock;

struct RunTool : ::testing::Test {
    Result<ExecOutcome> run(std::vector<std::string> argv) {
        request.argv = std::move(argv);
        Call c = fake.call();
        return run_tool(c, request);
    }
    Result<ExecOutcome> sh(const std::string& script) { return run({"sh", "-c", script}); }
    static std::string code(const Result<ExecOutcome>& r) {
        return r ? "exit " + std::to_string(r->exit_code) : std::string(code_name(r.error().code));
    }
    // Is the process named in `pid_file` alive still, after the moment a kill may take?
    static bool alive(const std::string& pid_file) {
        for (int i = 0; i < 100 && alive_now(pid_file); ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        return alive_now(pid_file);
    }
    static bool alive_now(const std::string& pid_file) {
        std::ifstream in(pid_file);
        pid_t pid = 0;
        in >> pid;
        EXPECT_GT(pid, 0) << pid_file;
        std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
        std::string number, name, state;
        stat >> number >> name >> state;
        return !state.empty() && state != "Z" && state != "X";
    }

    testing::FakeHost host;
    testing::FakeCall fake{host.raw()};
    ExecRequest request;
    testing::MemorySink sink;
    test::TempDir dir;
};

TEST_F(RunTool, DeliversEveryByteAndTheExitCode) {
    request.out.emplace(sink.raw());
    const auto r = sh("head -c 5000000 /dev/zero; echo last words >&2; exit 3");
    ASSERT_TRUE(r);
    EXPECT_EQ(r->exit_code, 3);
    EXPECT_EQ(r->how, static_cast<std::uint32_t>(BKT_EXIT_WAITED));
    EXPECT_EQ(r->stdout_bytes, 5'000'000u);
    EXPECT_EQ(sink.text.size(), 5'000'000u);
    EXPECT_EQ(r->stderr_tail, "last words\n");
}

TEST_F(RunTool, CarriesBytesThroughAToolBothWays) {
    std::string bytes;
    for (int i = 0; i < 3'000'000; ++i) bytes += static_cast<char>(i * 7);
    testing::MemorySource source(bytes);
    source.chunk_bytes = 99'999;
    request.in.emplace(source.raw());
    request.out.emplace(sink.raw());
    const auto r = run({"cat"});
    ASSERT_TRUE(r);
    EXPECT_EQ(r->exit_code, 0);
    EXPECT_EQ(r->stdin_bytes, bytes.size());
    EXPECT_EQ(sink.text, bytes);
}

TEST_F(RunTool, TakesWordsAsTheyAre) {
    request.out.emplace(sink.raw());
    ASSERT_TRUE(run({"printf", "%s|", "$(touch pwned)", "a b", "", "-n", "'", "é\n"}));
    EXPECT_EQ(sink.text, "$(touch pwned)|a b||-n|'|é\n|");
}

TEST_F(RunTool, AddsToTheEnvironmentAndWinsOverIt) {
    ::setenv("BKT_TEST_A", "ours", 1);
    ::setenv("BKT_TEST_B", "kept", 1);
    request.env = {"BKT_TEST_A=theirs", "BKT_TEST_C=x=y"};
    request.out.emplace(sink.raw());
    ASSERT_TRUE(sh("env | grep BKT_TEST | sort"));
    EXPECT_EQ(sink.text, "BKT_TEST_A=theirs\nBKT_TEST_B=kept\nBKT_TEST_C=x=y\n");
}

TEST_F(RunTool, GivesTheToolACleanStart) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    ::signal(SIGUSR1, SIG_IGN);
    const int leak = ::dup(0);  // without close-on-exec
    request.out.emplace(sink.raw());
    const auto r = sh("grep SigBlk /proc/self/status; ls /proc/self/fd | tr '\\n' ' '; cat");
    ::close(leak);
    EXPECT_EQ(code(sh("kill -USR1 $$; exit 0")), "exit " + std::to_string(128 + SIGUSR1));
    ::signal(SIGUSR1, SIG_DFL);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    ASSERT_TRUE(r);
    EXPECT_EQ(sink.text,
              "SigBlk:\t0000000000000000\n0 1 2 3 ");  // 3: ls itself
}

TEST_F(RunTool, TellsHowAToolDied) {
    EXPECT_EQ(code(sh("kill -9 $$")), "exit 137");
    EXPECT_EQ(code(sh("kill -TERM $$")), "exit 143");
    EXPECT_EQ(code(run({"no-such-tool-here"})), "not_found");
    EXPECT_EQ(code(run({"/etc/passwd"})), "denied");
    EXPECT_EQ(code(run({})), "invalid");
    EXPECT_EQ(code(run({"true", std::string("a\0b", 3)})), "invalid");
}

TEST_F(RunTool, KeepsTheLast64KiBOfStderr) {
    const auto r = sh("yes 0123456789 | head -c 1000000 >&2; echo THE END >&2");
    ASSERT_TRUE(r);
    EXPECT_EQ(r->stderr_tail.size(), kStderrTailBytes);
    EXPECT_TRUE(r->stderr_tail.ends_with("THE END\n"));
}

TEST_F(RunTool, SurvivesAToolThatReadsNoMore) {
    testing::MemorySource source(std::string(5'000'000, 'x'));
    request.in.emplace(source.raw());
    EXPECT_EQ(code(sh("head -c 10 >/dev/null; exit 4")), "exit 4");
    sigset_t pending;
    sigpending(&pending);
    EXPECT_EQ(sigismember(&pending, SIGPIPE), 0);
}

TEST_F(RunTool, EndsTheWholeGroupWhenCancelled) {
    const std::string pid = dir.path() + "/pid";
    std::thread canceller([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        fake.cancel();
    });
    const auto begun = Clock::now();
    EXPECT_EQ(code(sh("sleep 60 & echo $! >" + pid + "; wait")), "cancelled");
    EXPECT_LT(Clock::now() - begun, std::chrono::seconds(10));
    canceller.join();
    EXPECT_FALSE(alive(pid));
}

TEST_F(RunTool, KillsAToolThatIgnoresSigterm) {
    const std::string pid = dir.path() + "/pid";
    fake.set_deadline(static_cast<std::uint64_t>(Clock::now().time_since_epoch().count()) +
                      300'000'000);
    const auto begun = Clock::now();
    EXPECT_EQ(code(sh("trap '' TERM; echo $$ >" + pid + "; while :; do sleep 1; done")), "timeout");
    EXPECT_GE(Clock::now() - begun, std::chrono::seconds(2));
    EXPECT_FALSE(alive(pid));
}

TEST_F(RunTool, EndsTheToolWhenTheSinkFails) {
    const std::string pid = dir.path() + "/pid";
    sink.fail_at_byte = 100'000;
    request.out.emplace(sink.raw());
    EXPECT_EQ(code(sh("echo $$ >" + pid + "; exec yes")), "no_space");
    EXPECT_FALSE(alive(pid));
    EXPECT_FALSE(sink.written_after_failure);
}

// An end of input would tell a restoring tool that all came; it must be dead before its stdin closes.
TEST_F(RunTool, NeverShowsAnEndOfInputThatIsNone) {
    testing::MemorySource source(std::string(100'000, 'x'));
    source.fail_at_byte = 50'000;
    request.in.emplace(source.raw());
    // Deaf to SIGTERM: it would finish its work in the two seconds before SIGKILL, were its input to end.
    EXPECT_EQ(
        code(sh("trap '' TERM; cat >/dev/null; echo committed >" + dir.path() + "/committed")),
        "unavailable");
    EXPECT_FALSE(std::filesystem::exists(dir.path() + "/committed"));
}

TEST_F(RunTool, DoesNotWaitForWhatAToolLeftRunning) {
    const std::string pid = dir.path() + "/pid";
    request.out.emplace(sink.raw());
    const auto begun = Clock::now();
    EXPECT_EQ(code(sh("sleep 60 & echo $! >" + pid + "; echo all of it")), "exit 0");
    EXPECT_LT(Clock::now() - begun, std::chrono::seconds(20));
    EXPECT_EQ(sink.text, "all of it\n");
    EXPECT_FALSE(alive(pid));
}

TEST_F(RunTool, RunsOnManyThreadsAtOnce) {
    std::vector<std::thread> threads;
    std::atomic<int> right = 0;
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&, t] {
            testing::FakeHost own_host;
            testing::FakeCall own(own_host.raw());
            Call c = own.call();
            for (int i = 0; i < 20; ++i) {
                testing::MemorySource source(std::to_string(t * 100 + i));
                testing::MemorySink out;
                ExecRequest r;
                r.argv = {"cat"};
                r.in.emplace(source.raw());
                r.out.emplace(out.raw());
                const auto done = run_tool(c, r);
                right += done && done->exit_code == 0 && out.text == source.text;
            }
        });
    for (auto& t : threads) t.join();
    EXPECT_EQ(right, 160);
}

TEST(LocalDiscovery, RunsToolsOfItsTargetsOnly) {
    testing::FakeHost host;
    host.config["targets"] = R"([{"name": "notes"}])";
    testing::FakeCall fake(host.raw());
    Call c = fake.call();
    LocalDiscovery source(c);
    ExecRequest request;
    request.argv = {"true"};
    request.target = "notes";
    EXPECT_TRUE(source.exec(c, request));
    request.user = "root";
    EXPECT_EQ(source.exec(c, request).error().code, Code::unsupported);
    request.user = "";
    request.target = "other";
    EXPECT_EQ(source.exec(c, request).error().code, Code::not_found);
    const auto health = source.health(c);
    ASSERT_TRUE(health);
    EXPECT_NE(health->find("1 target configured"), std::string::npos);
}

}  // namespace
}  // namespace bkt::local_host
