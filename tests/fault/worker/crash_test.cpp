// Whatever a plugin's process does, the host goes on: the call fails, names the plugin and what it did, and
// the next instance works.
#include <atomic>

#include "baktainer/abi/services/secret.h"
#include "tests/fault/worker/isolated.hpp"
#include "tests/support/sanitized.hpp"

namespace bkt::test {
namespace {

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
        {"stack overflow", "was killed by signal 11"},
        {"hang", "moved no byte"},
        {"close every descriptor", ""},
    };
    for (const auto& c : kCases) {
        SCOPED_TRACE(c.mode);
        // A sanitizer ends the process its own way.
        const std::string cause =
            kSanitized && std::string(c.cause).find("byte") == std::string::npos ? "" : c.cause;
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

// `noexcept` in the table's type makes a throw end the process, whatever is thrown.
TEST(WorkerCrash, ByAnythingThrownIsTheSame) {
    for (const char* what : {"int",
                             "a type of its own",
                             "exception",
                             "bad_alloc",
                             "bad_array_new_length",
                             "bad_any_cast",
                             "bad_cast",
                             "bad_exception",
                             "bad_function_call",
                             "bad_optional_access",
                             "bad_typeid",
                             "bad_variant_access",
                             "bad_weak_ptr",
                             "domain_error",
                             "filesystem_error",
                             "future_error",
                             "invalid_argument",
                             "ios_base::failure",
                             "length_error",
                             "logic_error",
                             "out_of_range",
                             "overflow_error",
                             "range_error",
                             "regex_error",
                             "runtime_error",
                             "system_error",
                             "underflow_error"}) {
        SCOPED_TRACE(what);
        auto plugin = notifier(std::string("throw ") + what);
        const auto told = notify(plugin);
        EXPECT_EQ(told.rc, BKT_FAULT);
        if (kSanitized) continue;  // ends the process its own way
        EXPECT_NE(told.said.message.find("was killed by signal 6"), std::string::npos)
            << told.said.message;
    }
}

// Its process ends while the host works for it: that work ends too.
TEST(WorkerCrash, WhileTheHostAnswersItEndsTheAnswer) {
    static std::atomic<bool> asked, given_up;
    asked = given_up = false;
    static testing::FakeHost fake;
    bkt_host host = *fake.raw();
    fake.config["mode"] = "crash while it asks";
    host.service = [](const bkt_host*, bkt_str id) noexcept -> const void* {
        static const bkt_secret kSecret = {
            sizeof kSecret, 0,
            [](const bkt_host*, const bkt_call* call, bkt_str, bkt_str*) noexcept -> bkt_rc {
                asked = true;
                for (int n = 0; n < 2000 && !given_up; ++n) {
                    given_up = call->cancelled(call) != 0;
                    ::usleep(5'000);
                }
                return BKT_CANCELLED;
            }};
        if (view(id) == BKT_SERVICE_SECRET) return &kSecret;
        return fake.raw()->service(fake.raw(), id);
    };
    const auto& ops = rogue<bkt_notifier_ops>(BKT_KIND_NOTIFIER);
    testing::FakeCall call(&host);
    void* self = nullptr;
    ASSERT_EQ(ops.open(&host, call.raw(), &self), BKT_OK);
    const auto e = event();
    EXPECT_EQ(ops.notify(self, call.raw(), &e), BKT_FAULT);
    EXPECT_TRUE(asked) << "it asked for nothing";
    EXPECT_TRUE(given_up) << "the host went on working for a plugin that is gone";
    ops.close(self);
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
    for (const char* mode : {"open: segfault", "open: abort", "open: kill", "open: hang",
                             "open: exit", "open: out of memory"}) {
        SCOPED_TRACE(mode);
        if (kSanitized && std::string(mode).ends_with("memory")) continue;  // it has no limit
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

}  // namespace
}  // namespace bkt::test
