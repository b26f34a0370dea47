// What an isolated plugin returns and says reaches the host as in its own process; what it prints does not.
#include "core/plugin/call_context.hpp"
#include "tests/fault/worker/isolated.hpp"
#include "tests/fault/worker/processes.hpp"

namespace bkt::test {
namespace {

long peak_kib() { return std::stol("0" + status_of(::getpid(), "VmHWM")); }

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
    auto positive = notifier("positive code");
    EXPECT_EQ(notify(positive).rc, 7);
    auto fine = notifier("fail and then fine");
    EXPECT_EQ(notify(fine).rc, BKT_OK);
    for (auto* plugin : {&denied, &wild, &unknown, &positive, &fine}) {
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
    // More than its process may hold beside itself: the words are lost, the code is not, or all of it is.
    const auto before = peak_kib();
    auto vast = notifier("fail with a gibibyte");
    const auto told = notify(vast);
    EXPECT_TRUE(told.rc == BKT_DENIED || told.rc == BKT_FAULT) << told.rc;
    EXPECT_LT(told.said.message.size(), 4096u);
    EXPECT_LT(peak_kib(), before + 256 * 1024) << "the host takes a plugin's memory upon itself";
    auto next = notifier("");
    EXPECT_EQ(notify(next).rc, BKT_OK);
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
    for (const char* mode : {"started", "ungranted service", "odd names", "secret",
                             "write its folder", "say the event"}) {
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

TEST(WorkerCalls, AnswerWithNumbersAndText) {
    auto plugin = store("");
    testing::FakeCall call(plugin.host.raw());
    std::uint64_t n = 0;
    EXPECT_EQ(plugin.ops().sweep(plugin.self(), call.raw(), str(""), &n), BKT_OK);
    EXPECT_EQ(n, 3u);
    EXPECT_EQ(plugin.ops().free_bytes(plugin.self(), call.raw(), &n), BKT_OK);
    EXPECT_EQ(n, 1234u);
    bkt_str text{};
    EXPECT_EQ(plugin.ops().health(plugin.self(), call.raw(), &text), BKT_OK);
    EXPECT_EQ(view(text), "fine");
}

}  // namespace
}  // namespace bkt::test
