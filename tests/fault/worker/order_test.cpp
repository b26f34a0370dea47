// Calls in an order the contract forbids never reach the plugin: its process answers them itself, and goes
// on. What our own host would never ask is asked over the wire by hand.
#include <thread>

#include "baktainer/abi/kinds/engine.h"
#include "core/plugin/wire/body.hpp"
#include "core/plugin/wire/peer.hpp"
#include "tests/fault/worker/isolated.hpp"

namespace bkt::test {
namespace {

using wire::json;

// The rogue's process, and a host that asks what it likes. Progress tells that a call is under way.
class Wire final {
public:
    Wire() {
        auto ends = wire::Channel::pair();
        process_ = *plugin::worker::Process::start(PLUGIN_HOST, "--serve", std::move(ends->second));
        peer_.emplace(std::move(ends->first));
        peer_->start({[this](wire::Message& m) { return answer(m); },
                      [this](wire::Message& m) { hear(m); }, [](const std::string&) {}});
        const UniqueFd file(::open(ROGUE_PLUGIN, O_RDONLY | O_CLOEXEC));
        const auto library = plugin::SealedFile::read(file.get(), ROGUE_PLUGIN);
        const int fd = library->fd();
        EXPECT_EQ(wire::code(ask("load", {{"module", "test.rogue"}}, {&fd, 1})), BKT_OK);
    }
    ~Wire() { peer_->close(); }

    json ask(const char* method, const json& body, std::span<const int> fds = {}) {
        auto reply = peer_->call(method, body, fds);
        if (!reply) return {{"rc", BKT_FAULT}};
        return reply->body;
    }
    json op(const char* method, json arguments, std::uint64_t number = 1) {
        return ask(method, {{"op", number}, {"args", std::move(arguments)}});
    }
    json open(const char* kind, const std::string& mode) {
        return op("open", {{"kind", kind}, {"name", "rogue"}, {"settings", {{"mode", mode}}}});
    }
    json notify(std::uint64_t number = 1) {
        return op("notifier.notify", {{"instance", 1}, {"events", {{{"type", "t"}}}}}, number);
    }
    void cancel(std::uint64_t number) { tell("cancel", {{"op", number}}); }
    void tell(const char* method, const json& body) { peer_->notify(method, body); }
    bool is_under_way() {
        std::unique_lock lock(mutex_);
        return heard_.wait_for(lock, std::chrono::seconds(20), [&] { return under_way_; });
    }
    bool lives() { return process_->end(0).empty(); }

private:
    wire::Reply answer(wire::Message&) {
        begin();  // a stream it asks for: it gets none
        return {{{"rc", BKT_UNAVAILABLE}}, {}};
    }
    void hear(wire::Message& notice) {
        if (notice.method == "progress") begin();
    }
    void begin() {
        const std::lock_guard lock(mutex_);
        under_way_ = true;
        heard_.notify_all();
    }

    std::unique_ptr<plugin::worker::Process> process_;
    std::optional<wire::Peer> peer_;
    std::mutex mutex_;
    std::condition_variable heard_;
    bool under_way_ = false;
};

std::string said(const json& reply) { return wire::text(wire::at(reply, "said"), "message"); }

void expect_refused(const json& reply, const std::string& why) {
    EXPECT_EQ(wire::code(reply), BKT_BUG) << reply;
    EXPECT_EQ(said(reply), why);
}

TEST(WorkerOrder, AnOpenOrCloseTooManyIsRefused) {
    Wire wire;
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
        Wire wire;
        ASSERT_EQ(wire::code(wire.open(kind, "")), BKT_OK);
        ASSERT_EQ(wire::code(wire.op("close", {{"instance", 1}})), BKT_OK);
        for (const char* method : {"health", "notifier.notify", "storage.list", "storage.remove",
                                   "engine.plan", "engine.dump", "engine.validator"})
            expect_refused(wire.op(method, {{"instance", 1}}), "no such instance");
        EXPECT_TRUE(wire.lives());
    }
}

TEST(WorkerOrder, ACallOfAnotherKindIsRefused) {
    Wire wire;
    ASSERT_EQ(wire::code(wire.open(BKT_KIND_NOTIFIER, "")), BKT_OK);
    for (const char* method : {"storage.remove", "engine.dump", "hook.before", "secrets.resolve",
                               "transform.encode", "discovery.scan"})
        expect_refused(wire.op(method, {{"instance", 1}}), "no such instance");
    EXPECT_EQ(wire::code(wire.notify()), BKT_OK);
}

TEST(WorkerOrder, CloseWaitsForNoCallAndEndsNone) {
    Wire wire;
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
    Wire wire;
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
    Wire wire;
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
    Wire wire;
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
