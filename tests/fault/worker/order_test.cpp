// Calls in an order the contract forbids never reach the plugin: its process answers them itself, and goes
// on. What our own host would never ask is asked over the wire by hand.
#include <thread>

#include "baktainer/abi/kinds/engine.h"
#include "tests/fault/worker/asked_by_hand.hpp"

namespace bkt::test {
namespace {

std::string said(const json& reply) { return wire::text(wire::at(reply, "said"), "message"); }

void expect_refused(const json& reply, const std::string& why) {
    EXPECT_EQ(wire::code(reply), BKT_BUG) << reply;
    EXPECT_EQ(said(reply), why);
}

TEST(WorkerOrder, AnOpenOrCloseTooManyIsRefused) {
    AskedByHand wire;
    ASSERT_EQ(wire::code(wire.open(BKT_KIND_NOTIFIER, "")), BKT_OK);
    expect_refused(wire.open(BKT_KIND_NOTIFIER, ""), "this process has had its one instance");
    EXPECT_EQ(wire::code(wire.op("close", {{"instance", 1}})), BKT_OK);
    for (int again = 0; again < 2; ++again)
        expect_refused(wire.op("close", {{"instance", 1}}), "no such instance");
    expect_refused(wire.op("close", json::object()), "no such instance");
    // After the last close the module is at its end too.
    expect_refused(wire.open(BKT_KIND_NOTIFIER, ""), "this process has had its one instance");
    EXPECT_TRUE(wire.lives());
}

TEST(WorkerOrder, ACallAfterCloseIsRefused) {
    for (const char* kind : {BKT_KIND_NOTIFIER, BKT_KIND_STORAGE, BKT_KIND_ENGINE}) {
        SCOPED_TRACE(kind);
        AskedByHand wire;
        ASSERT_EQ(wire::code(wire.open(kind, "")), BKT_OK);
        ASSERT_EQ(wire::code(wire.op("close", {{"instance", 1}})), BKT_OK);
        for (const char* method : {"health", "notifier.notify", "storage.list", "storage.remove",
                                   "engine.plan", "engine.dump", "engine.validator"})
            expect_refused(wire.op(method, {{"instance", 1}}), "no such instance");
        EXPECT_TRUE(wire.lives());
    }
}

TEST(WorkerOrder, ACallOfAnotherKindIsRefused) {
    AskedByHand wire;
    ASSERT_EQ(wire::code(wire.open(BKT_KIND_NOTIFIER, "")), BKT_OK);
    for (const char* method : {"storage.remove", "engine.dump", "hook.before", "secrets.resolve",
                               "transform.encode", "discovery.scan"})
        expect_refused(wire.op(method, {{"instance", 1}}), "no such instance");
    EXPECT_EQ(wire::code(wire.notify()), BKT_OK);
}

TEST(WorkerOrder, CloseWaitsForNoCallAndEndsNone) {
    AskedByHand wire;
    ASSERT_EQ(wire::code(wire.open(BKT_KIND_NOTIFIER, "wait for cancel")), BKT_OK);
    json answered;
    std::thread call([&] { answered = wire.notify(7); });
    ASSERT_TRUE(wire.is_under_way());
    expect_refused(wire.op("close", {{"instance", 1}}),
                   "a call on this instance is still under way");
    wire.cancel(7);
    call.join();
    EXPECT_EQ(wire::code(answered), BKT_CANCELLED) << answered;
    EXPECT_EQ(wire::code(wire.op("close", {{"instance", 1}})), BKT_OK);
}

TEST(WorkerOrder, CallsOnANotifierComeOneAtATime) {
    AskedByHand wire;
    ASSERT_EQ(wire::code(wire.open(BKT_KIND_NOTIFIER, "wait for cancel")), BKT_OK);
    json answered;
    std::thread call([&] { answered = wire.notify(7); });
    ASSERT_TRUE(wire.is_under_way());
    for (const char* method : {"notifier.notify", "health"})
        expect_refused(wire.op(method, {{"instance", 1}, {"events", {{{"type", "t"}}}}}, 8),
                       "another call on this instance is under way");
    wire.cancel(7);
    call.join();
    EXPECT_EQ(wire::code(answered), BKT_CANCELLED) << answered;
}

TEST(WorkerOrder, AValidatorIsFedAndAskedOnce) {
    AskedByHand wire;
    ASSERT_EQ(wire::code(wire.open(BKT_KIND_ENGINE, "")), BKT_OK);
    const json made = wire.op("engine.validator", {{"instance", 1}});
    ASSERT_EQ(wire::code(made), BKT_OK) << made;
    const json tap{{"tap", wire::number(wire::at(made, "out"), "tap")}, {"bytes", 0}};
    expect_refused(wire.op("tap.finish", json::object()), "no such validator");
    EXPECT_EQ(wire::code(wire.op("tap.finish", tap)), BKT_OK);
    expect_refused(wire.op("tap.finish", tap), "the validator has told its verdict");
    const UniqueFd nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const int fd = nothing.get();
    expect_refused(wire.ask("tap.open", {{"op", 1}, {"args", tap}}, {&fd, 1}),
                   "no such validator, or it is fed already");
    EXPECT_TRUE(wire.lives());
}

// Released late by a thread of its own: close() comes after it. The rogue aborts when it does not.
TEST(WorkerOrder, CloseComesAfterTheLastValidatorIsReleased) {
    AskedByHand wire;
    ASSERT_EQ(wire::code(wire.open(BKT_KIND_ENGINE, "slow release")), BKT_OK);
    const json made = wire.op("engine.validator", {{"instance", 1}});
    const auto tap = wire::number(wire::at(made, "out"), "tap");
    wire.tell("tap.release", {{"tap", tap}});
    EXPECT_EQ(wire::code(wire.op("close", {{"instance", 1}})), BKT_OK);
    std::this_thread::sleep_for(std::chrono::milliseconds(600));  // a release would be over by now
    EXPECT_TRUE(wire.lives());
}

// Through the tables the host calls: the one that came too early fails and says why, the other is whole.
TEST(WorkerOrder, ACallTooEarlyFailsAloneAndSaysWhy) {
    auto plugin = notifier("wait for cancel");
    testing::FakeCall first(plugin.host.raw()), second(plugin.host.raw());
    std::mutex mutex;
    std::condition_variable heard;
    bool under_way = false;
    first.on_progress = [&](std::uint64_t, std::uint64_t) {
        const std::lock_guard lock(mutex);
        under_way = true;
        heard.notify_all();
    };
    const auto e = event();
    bkt_rc rc = BKT_BUG;
    std::thread call([&] { rc = plugin.ops().notify(plugin.self(), first.raw(), &e); });
    {
        std::unique_lock lock(mutex);
        ASSERT_TRUE(heard.wait_for(lock, std::chrono::seconds(20), [&] { return under_way; }));
    }
    EXPECT_EQ(plugin.ops().notify(plugin.self(), second.raw(), &e), BKT_BUG);
    ASSERT_TRUE(second.failure());
    EXPECT_EQ(second.failure()->message, "another call on this instance is under way");
    first.cancel();
    call.join();
    EXPECT_EQ(rc, BKT_CANCELLED);
    EXPECT_TRUE(Faults::those().take().empty());
}

// A store is called on several threads at once: a stream under way holds nobody up.
TEST(WorkerOrder, CallsOnAStoreComeSeveralAtOnce) {
    auto plugin = store("");
    testing::FakeCall outer(plugin.host.raw());
    struct Asking {
        Rogue<bkt_storage_ops>& plugin;
        bkt_rc listed = BKT_BUG;
        bool done = false;
    } asking{plugin};
    const bkt_source source{
        sizeof source, 0, &asking,
        [](const bkt_source* s, void*, std::uint64_t, std::uint64_t* n) noexcept -> bkt_rc {
            auto& self = *static_cast<Asking*>(s->ctx);
            testing::FakeCall inner(self.plugin.host.raw());
            if (!std::exchange(self.done, true))
                self.listed =
                    self.plugin.ops().remove(self.plugin.self(), inner.raw(), str("other"));
            *n = 0;
            return BKT_OK;
        },
        0};
    EXPECT_EQ(plugin.ops().put(plugin.self(), outer.raw(), str("key"), 0, &source), BKT_OK);
    EXPECT_EQ(asking.listed, BKT_OK);
}

}  // namespace
}  // namespace bkt::test
