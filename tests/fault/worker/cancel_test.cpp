// A call that is to end ends: by the plugin's own hand, or by the end of its process.
#include <atomic>
#include <thread>

#include "core/plugin/call_context.hpp"
#include "tests/fault/worker/asked_by_hand.hpp"

namespace bkt::test {
namespace {

TEST(WorkerCancel, ReachesThePlugin) {
    auto plugin = notifier("wait for cancel");
    testing::FakeCall call(plugin.host.raw());
    call.on_progress = [&](std::uint64_t, std::uint64_t) { call.cancel(); };  // it is at work
    const auto e = event();
    EXPECT_EQ(plugin.ops().notify(plugin.self(), call.raw(), &e), BKT_CANCELLED);
}

TEST(WorkerCancel, BeforeTheCallIsHeardInIt) {
    auto plugin = notifier("wait for cancel");
    for (int again = 0; again < 2; ++again) {
        testing::FakeCall call(plugin.host.raw());
        call.cancel();
        const auto e = event();
        EXPECT_EQ(plugin.ops().notify(plugin.self(), call.raw(), &e), BKT_CANCELLED);
    }
    EXPECT_TRUE(Faults::those().take().empty());
}

// One that comes when its call is over, or was never one, ends no other call.
TEST(WorkerCancel, AfterTheCallIsNobodysElse) {
    AskedByHand wire;
    ASSERT_EQ(wire::code(wire.open(BKT_KIND_NOTIFIER, "wait for cancel")), BKT_OK);
    json answered;
    std::atomic<bool> is_over = false;
    std::thread call([&] {
        answered = wire.notify(7);
        is_over = true;
    });
    ASSERT_TRUE(wire.is_under_way());
    for (const std::uint64_t number : {1u, 6u, 8u, 999u}) wire.cancel(number);
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    EXPECT_FALSE(is_over);
    wire.cancel(7);
    call.join();
    EXPECT_EQ(wire::code(answered), BKT_CANCELLED) << answered;
    EXPECT_TRUE(wire.lives());
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

TEST(WorkerCancel, EndsAStreamThatWouldNeverEnd) {
    auto plugin = store("");
    testing::FakeCall call(plugin.host.raw());
    std::uint64_t taken = 0;
    struct Both {
        testing::FakeCall& call;
        std::uint64_t& taken;
    } both{call, taken};
    const bkt_sink sink{sizeof sink,
                        0,
                        &both,
                        [](const bkt_sink* s, const void*, std::uint64_t n) noexcept -> bkt_rc {
                            auto& self = *static_cast<Both*>(s->ctx);
                            if ((self.taken += n) > 1'000'000) self.call.cancel();
                            return BKT_OK;
                        },
                        nullptr,
                        nullptr};
    EXPECT_EQ(plugin.ops().get(plugin.self(), call.raw(), str("key"), 0, UINT64_MAX, &sink),
              BKT_FAULT);
    EXPECT_GT(taken, 1'000'000u);
    ASSERT_TRUE(call.failure());
    EXPECT_NE(call.failure()->message.find("did not stop"), std::string::npos)
        << call.failure()->message;
}

// A deadline is a cancel at a known time: heard by the plugin's own clock, and kept for it if it is deaf.
TEST(WorkerDeadline, IsHeardOrKept) {
    using std::chrono::milliseconds;
    const struct {
        const char* mode;
        Code code;
    } kCases[] = {{"wait for cancel", Code::cancelled}, {"ignore cancel", Code::fault}};
    for (const auto& c : kCases) {
        SCOPED_TRACE(c.mode);
        auto plugin = notifier(c.mode);
        base::Cancel cancel;
        base::Scrubber scrubber;
        const auto begun = std::chrono::steady_clock::now();
        const plugin::CallScope scope{cancel, scrubber, begun + milliseconds(300), {}};
        const plugin::CallContext call(scope, "test.rogue");
        const auto e = event();
        const auto ended = call.outcome(plugin.ops().notify(plugin.self(), call.raw(), &e));
        const auto took = std::chrono::steady_clock::now() - begun;
        ASSERT_FALSE(ended);
        EXPECT_EQ(ended.error().code, c.code) << ended.error().message;
        EXPECT_GE(took, milliseconds(300));
        EXPECT_LT(took, milliseconds(5000));
        EXPECT_EQ(Faults::those().take().size(), c.code == Code::fault ? 1u : 0u);
    }
}

}  // namespace
}  // namespace bkt::test
