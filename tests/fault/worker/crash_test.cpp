// Whatever a plugin's process does, the host goes on: the call fails, names the plugin and what it did, and
// the next instance works.
#include <sys/syscall.h>

#include "core/plugin/call_context.hpp"
#include "tests/fault/worker/isolated.hpp"
#include "tests/support/sanitized.hpp"

namespace bkt::test {
namespace {

struct Told {
    bkt_rc rc;
    Error said;
};

Told notify(Rogue<bkt_notifier_ops>& plugin) {
    testing::FakeCall call(plugin.host.raw());
    const auto e = event();
    const bkt_rc rc = plugin.ops().notify(plugin.self(), call.raw(), &e);
    return {rc, call.failure().value_or(Error{Code::bug, ""})};
}

// The rule of every row: Code::fault, the plugin's name, what happened; one fault is counted; nothing else.
TEST(WorkerCrash, CostsTheCallAndNamesThePluginAndTheCause) {
    const struct {
        const char* mode;
        const char* cause;
    } kCases[] = {
        {"segfault", "was killed by signal 11"},
        {"abort", "was killed by signal 6"},
        {"exit", "exited with 0"},
        {"_exit", "exited with 3"},
        {"kill", "was killed by signal 9"},
        {"throw int", "was killed by signal 6"},
        {"throw runtime_error", "was killed by signal 6"},
        {"throw bad_alloc", "was killed by signal 6"},
        {"stack overflow", "was killed by signal 11"},
        {"hang", "moved no byte"},
        {"close every descriptor", ""},
        {"garbage on the socket", "sent a message that is none"},
        {"huge on the socket", "sent a message too large"},
        {"descriptors on the socket", "sent a message"},
    };
    for (const auto& c : kCases) {
        SCOPED_TRACE(c.mode);
        // A sanitizer ends the process its own way.
        const std::string cause = kSanitized &&
                                          std::string(c.cause).find("byte") == std::string::npos &&
                                          std::string(c.cause).find("sent") == std::string::npos
                                      ? ""
                                      : c.cause;
        auto plugin = notifier(c.mode);
        ASSERT_EQ(plugin.opened, BKT_OK);
        const auto told = notify(plugin);
        EXPECT_EQ(told.rc, BKT_FAULT);
        EXPECT_EQ(told.said.code, Code::fault);
        EXPECT_NE(told.said.message.find("plugin 'test.rogue'"), std::string::npos)
            << told.said.message;
        EXPECT_NE(told.said.message.find(cause), std::string::npos) << told.said.message;
        EXPECT_FALSE(told.said.hint.empty());
        // The instance stays dead, and says the same.
        EXPECT_EQ(notify(plugin).rc, BKT_FAULT);
        plugin.close();
        EXPECT_EQ(Faults::those().take().size(), 1u);
        auto next = notifier("");
        EXPECT_EQ(notify(next).rc, BKT_OK);
    }
}

TEST(WorkerCrash, ByUsingUpItsMemoryLeavesTheHostItsOwn) {
    if (kSanitized) GTEST_SKIP() << "a sanitizer's process has no limit of memory";
    auto plugin = notifier("out of memory");
    EXPECT_EQ(notify(plugin).rc, BKT_FAULT);
}

TEST(WorkerCrash, TellsTheLastWords) {
    auto plugin = notifier("last words");
    const auto told = notify(plugin);
    EXPECT_NE(told.said.hint.find("assertion failed: left > right"), std::string::npos)
        << told.said.hint;
}

TEST(WorkerCrash, InOpenOrCloseIsAFaultToo) {
    for (const char* mode : {"open: segfault", "open: hang", "open: exit"}) {
        SCOPED_TRACE(mode);
        const auto plugin = notifier(mode);
        EXPECT_EQ(plugin.opened, BKT_FAULT);
        ASSERT_TRUE(plugin.said);
        EXPECT_NE(plugin.said->message.find("test.rogue"), std::string::npos);
    }
    for (const char* mode : {"close: segfault", "close: hang"}) {
        SCOPED_TRACE(mode);
        auto plugin = notifier(mode);
        ASSERT_EQ(plugin.opened, BKT_OK);
        plugin.close();
        EXPECT_EQ(Faults::those().take().size(), 1u);
    }
}

TEST(WorkerCall, PassesOnWhatThePluginSays) {
    const auto refused = notifier("open: refuse");
    EXPECT_EQ(refused.opened, BKT_INVALID);
    ASSERT_TRUE(refused.said);
    EXPECT_EQ(refused.said->message, "it will not");
    EXPECT_EQ(refused.said->hint, "ask nicely");

    auto denied = notifier("error without fail");
    EXPECT_EQ(notify(denied).rc, BKT_DENIED);
    auto wild = notifier("fail with wild text");
    EXPECT_EQ(notify(wild).rc, BKT_DENIED);
    auto unknown = notifier("unknown code");
    EXPECT_EQ(notify(unknown).rc, -4711);  // judged by the host, as in its own process
    for (auto* plugin : {&denied, &wild, &unknown}) {
        EXPECT_EQ(notify(*plugin).rc == BKT_FAULT, false) << "it is still alive";
    }
    EXPECT_TRUE(Faults::those().take().empty());
}

// What this host has no word for travels as it is: judged by the host, as in its own process.
TEST(WorkerCall, PassesOnWhatNobodyKnowsYet) {
    auto plugin = notifier("speak of tomorrow");
    const auto told = notify(plugin);
    EXPECT_EQ(told.rc, -99);
    EXPECT_EQ(told.said.message, "a code of tomorrow");
    plugin.close();
    ASSERT_FALSE(plugin.host.log_lines.empty());
    EXPECT_EQ(plugin.host.log_lines.back(), "a level of tomorrow");
    EXPECT_TRUE(Faults::those().take().empty());
    // The host's judgement: a fault that names the plugin, whatever it said.
    base::Cancel cancel;
    base::Scrubber scrubber;
    const plugin::CallScope scope{cancel, scrubber, std::nullopt, {}};
    const auto outcome = plugin::CallContext(scope, "test.rogue").outcome(told.rc);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, Code::fault);
    EXPECT_EQ(outcome.error().message, "plugin 'test.rogue' returned the unknown code -99");
}

// More than a message may hold: refused, not truncated into something else.
TEST(WorkerCall, SurvivesMuchText) {
    auto plugin = notifier("fail with much text");
    EXPECT_EQ(notify(plugin).rc, BKT_FAULT);
}

TEST(WorkerCall, KeepsItsOutputFromOurs) {
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    for (const char* mode : {"print", "flood of output"}) {
        auto plugin = notifier(mode);
        EXPECT_EQ(notify(plugin).rc, BKT_OK) << mode;
    }
    EXPECT_EQ(::testing::internal::GetCapturedStdout(), "");
    EXPECT_EQ(::testing::internal::GetCapturedStderr().find("line 7"), std::string::npos);
}

TEST(WorkerCall, HasTheServicesItWasGranted) {
    for (const char* mode :
         {"started", "ungranted service", "secret", "write its folder", "say the event"}) {
        auto plugin = notifier(mode);
        const auto told = notify(plugin);
        EXPECT_EQ(told.rc, BKT_OK) << mode << ": " << told.said.message;
    }
    auto plugin = notifier("say the event");
    ASSERT_EQ(notify(plugin).rc, BKT_OK);
    plugin.close();
    ASSERT_EQ(plugin.host.log_lines.size(), 2u);
    EXPECT_NE(plugin.host.log_lines[0].find("no_new_privs rlimits"), std::string::npos)
        << plugin.host.log_lines[0];
    EXPECT_EQ(plugin.host.log_lines[1], R"({"type":"run.finished"})");
}

TEST(WorkerCancel, ReachesThePlugin) {
    auto plugin = notifier("wait for cancel");
    testing::FakeCall call(plugin.host.raw());
    call.on_progress = [&](std::uint64_t, std::uint64_t) { call.cancel(); };  // it is at work
    const auto e = event();
    EXPECT_EQ(plugin.ops().notify(plugin.self(), call.raw(), &e), BKT_CANCELLED);
}

TEST(WorkerCancel, KillsWhatDoesNotHear) {
    auto plugin = notifier("ignore cancel");
    testing::FakeCall call(plugin.host.raw());
    call.cancel();
    const auto e = event();
    const auto since = std::chrono::steady_clock::now();
    EXPECT_EQ(plugin.ops().notify(plugin.self(), call.raw(), &e), BKT_FAULT);
    EXPECT_LT(std::chrono::steady_clock::now() - since, std::chrono::seconds(2));
    EXPECT_NE(call.failure()->message.find("did not stop"), std::string::npos);
}

TEST(WorkerContract, AServiceAfterTheCallIsABrokenRule) {
    auto plugin = notifier("late thread");
    EXPECT_EQ(notify(plugin).rc, BKT_OK);
    // The thread asks when it likes; the first call after that tells.
    Told told{BKT_OK, Error{Code::bug, ""}};
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    for (; told.rc == BKT_OK && std::chrono::steady_clock::now() < until; told = notify(plugin))
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    EXPECT_EQ(told.rc, BKT_FAULT);
    EXPECT_NE(told.said.message.find("used a call after it had returned"), std::string::npos)
        << told.said.message;
}

TEST(WorkerContract, WhatIsLeftBehindEndsWithTheInstance) {
    const auto fds = [] {
        std::size_t n = 0;
        for ([[maybe_unused]] const auto& e : std::filesystem::directory_iterator("/proc/self/fd"))
            ++n;
        return n;
    };
    { auto warm = notifier(""); }
    const auto before = fds();
    for (int i = 0; i < 3; ++i) {
        auto plugin = notifier("leak");
        EXPECT_EQ(notify(plugin).rc, BKT_OK);
    }
    EXPECT_EQ(fds(), before);
}

TEST(WorkerSandbox, KeepsThePluginFromFilesProcessesAndPrograms) {
    for (const char* mode : {"fork", "exec", "read a private file"}) {
        auto plugin = notifier(mode);
        EXPECT_EQ(notify(plugin).rc, BKT_OK) << mode;
    }
}

TEST(WorkerSandbox, KeepsThePluginFromWritingFiles) {
    if (kSanitized) GTEST_SKIP() << "a sanitizer's process is not kept from files";
    if (::syscall(SYS_landlock_create_ruleset, nullptr, 0, 1) < 0)
        GTEST_SKIP() << "this kernel has no Landlock";
    auto plugin = notifier("write a file");
    EXPECT_EQ(notify(plugin).rc, BKT_OK);
}

TEST(WorkerSandbox, KeepsTheHostAsItWas) {
    const auto path = std::string(std::getenv("PATH"));
    const auto where = std::filesystem::current_path();
    auto plugin = notifier("change the process");
    EXPECT_EQ(notify(plugin).rc, BKT_OK);
    EXPECT_EQ(std::getenv("PATH"), path);
    EXPECT_EQ(std::filesystem::current_path(), where);
}

}  // namespace
}  // namespace bkt::test
