#include "core/plugin/call_context.hpp"

#include <gtest/gtest.h>

#include "baktainer/call.hpp"

namespace bkt::plugin {
namespace {

class CallContextTest : public ::testing::Test {
protected:
    base::Cancel cancel_;
    base::Scrubber scrubber_;
    CallScope scope_{cancel_, scrubber_, std::nullopt, {}};
    CallContext call_{scope_, "com.acme.x"};

    void fail(Code code, std::string_view message, std::string_view hint = "") {
        call_.raw()->fail(call_.raw(), static_cast<bkt_rc>(code), str(message), str(hint), 0);
    }
};

TEST_F(CallContextTest, TellsWhatThePluginSaid) {
    fail(Code::denied, "no entry", "ask the guard");
    const auto outcome = call_.outcome(BKT_DENIED);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error(), (Error{Code::denied, "no entry", "ask the guard"}));
    EXPECT_TRUE(call_.outcome(BKT_OK));
}

// Tools that run at once fail at once: what is told fits the code that is returned.
TEST_F(CallContextTest, OfSeveralFailuresTheOneWithTheCodeIsTold) {
    fail(Code::denied, "the first");
    fail(Code::cancelled, "told to stop");
    EXPECT_EQ(call_.outcome(BKT_DENIED).error().message, "the first");
    EXPECT_EQ(call_.outcome(BKT_CANCELLED).error().message, "told to stop");
    EXPECT_EQ(call_.outcome(BKT_FAILED).error().message, "told to stop") << "else the last";
}

TEST_F(CallContextTest, AnEmptyMessagePassesOnWhatAServiceSaid) {
    fail(Code::unavailable, "the engine is gone");
    fail(Code::unavailable, "");
    EXPECT_EQ(call_.outcome(BKT_UNAVAILABLE).error().message, "the engine is gone");
}

TEST_F(CallContextTest, ASilentOrUnknownFailureNamesThePlugin) {
    EXPECT_NE(call_.outcome(BKT_CORRUPT).error().message.find("com.acme.x"), std::string::npos);
    const auto unknown = call_.outcome(-99);
    EXPECT_EQ(unknown.error().code, Code::fault);
    EXPECT_NE(unknown.error().message.find("-99"), std::string::npos);
    EXPECT_EQ(call_.outcome(7).error().code, Code::fault);
}

TEST_F(CallContextTest, ScrubsAndBoundsWhatPluginsSay) {
    scrubber_.add(base::Secret("hunter2"));
    fail(Code::failed, "login with hunter2 failed" + std::string(10'000, 'x'), "not hunter2");
    const auto error = call_.outcome(BKT_FAILED).error();
    EXPECT_EQ((error.message + error.hint).find("hunter2"), std::string::npos);
    EXPECT_LT(error.message.size(), 5000u);
}

// Wherever the cut falls, no half of a secret stands before it.
TEST_F(CallContextTest, CutsAfterItScrubbed) {
    const std::string secret = "hunter2-hunter2-hunter2";
    base::Scrubber own;
    own.add(base::Secret(secret));
    const CallContext call(scope_, "com.acme.x", &own);
    for (std::size_t before = 4096 - secret.size() - 2; before <= 4097; ++before) {
        const auto text = std::string(before, 'x') + secret;
        call.raw()->fail(call.raw(), BKT_FAILED, str(text), str(text), 0);
        const auto error = call.outcome(BKT_FAILED).error();
        EXPECT_EQ((error.message + error.hint).find("hunt"), std::string::npos) << before;
    }
}

TEST_F(CallContextTest, CancelAndDeadlineAreSeen) {
    EXPECT_EQ(call_.raw()->cancelled(call_.raw()), 0);
    const CallScope late{
        cancel_, scrubber_, std::chrono::steady_clock::now() - std::chrono::seconds(1), {}};
    const CallContext over(late, "x");
    EXPECT_NE(over.raw()->cancelled(over.raw()), 0);
    cancel_.request();
    EXPECT_NE(call_.raw()->cancelled(call_.raw()), 0);
    EXPECT_EQ(call_.outcome(BKT_CANCELLED).error().code, Code::cancelled);
}

TEST_F(CallContextTest, LendsZeroedMemoryAndRefusesTooMuch) {
    const auto* block = static_cast<const char*>(call_.raw()->alloc(call_.raw(), 1000));
    ASSERT_NE(block, nullptr);
    EXPECT_EQ(std::string(block, 1000), std::string(1000, '\0'));
    EXPECT_EQ(call_.raw()->alloc(call_.raw(), UINT64_MAX), nullptr);
}

}  // namespace
}  // namespace bkt::plugin
