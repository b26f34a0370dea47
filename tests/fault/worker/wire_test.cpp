// Whatever a plugin's process sends over the channel to the host, by itself and past the host's own library,
// the host goes on.
#include "baktainer/abi/services/secret.h"
#include "tests/fault/worker/isolated.hpp"
#include "tests/fault/worker/processes.hpp"

namespace bkt::test {
namespace {

// A host whose secrets come only when nobody waits for them any more.
class SlowHost final {
public:
    explicit SlowHost(const std::string& mode) {
        fake().config["mode"] = mode;
        raw_ = *fake().raw();
        raw_.service = [](const bkt_host*, bkt_str id) noexcept -> const void* {
            static const bkt_secret kSecret = {
                sizeof kSecret, 0,
                [](const bkt_host*, const bkt_call* call, bkt_str, bkt_str*) noexcept -> bkt_rc {
                    for (int n = 0; n < 4000 && !call->cancelled(call); ++n) ::usleep(5'000);
                    return BKT_CANCELLED;
                }};
            if (view(id) == BKT_SERVICE_SECRET) return &kSecret;
            return fake().raw()->service(fake().raw(), id);
        };
    }
    const bkt_host* raw() const { return &raw_; }

private:
    static testing::FakeHost& fake() {
        static testing::FakeHost host;
        return host;
    }
    bkt_host raw_{};
};

Done notify_on(const SlowHost& host) {
    const auto& ops = rogue<bkt_notifier_ops>(BKT_KIND_NOTIFIER);
    testing::FakeCall call(host.raw());
    void* self = nullptr;
    if (const bkt_rc rc = ops.open(host.raw(), call.raw(), &self); rc != BKT_OK)
        return done(rc, call);
    const auto e = event();
    const auto ended = done(ops.notify(self, call.raw(), &e), call);
    ops.close(self);
    return ended;
}

TEST(WorkerWire, ThatCarriesWhatIsNoneCostsTheCallAndNamesTheRule) {
    const struct {
        const char* mode;
        const char* rule;
    } kCases[] = {
        {"garbage on the socket", "sent a message that is none"},
        {"nothing but a type on the socket", "sent a message that is none"},
        {"a type of tomorrow on the socket", "sent a message that is none"},
        {"huge on the socket", "sent a message too large"},
        {"descriptors on the socket", "sent a message too large, or with too many descriptors"},
        {"a request nobody knows", "asked for 'no.such', which this call does not offer"},
        {"a request of no call", "used a call after it had returned"},
    };
    for (const auto& c : kCases) {
        SCOPED_TRACE(c.mode);
        auto plugin = notifier(c.mode);
        const auto told = notify(plugin);
        EXPECT_EQ(told.rc, BKT_FAULT);
        EXPECT_NE(told.said.message.find(c.rule), std::string::npos) << told.said.message;
        plugin.close();
        EXPECT_EQ(Faults::those().take().size(), 1u);
        auto next = notifier("");
        EXPECT_EQ(notify(next).rc, BKT_OK);
    }
}

TEST(WorkerWire, ThatCarriesMoreRequestsThanAreAnsweredIsCut) {
    const auto told = notify_on(SlowHost("a flood of requests"));
    EXPECT_EQ(told.rc, BKT_FAULT);
    EXPECT_NE(told.said.message.find("more requests at once than are answered"), std::string::npos)
        << told.said.message;
}

// Replies to calls that are over, to calls still to come, and to one twice: each is dropped, and the calls
// they name are answered by their own.
TEST(WorkerWire, ThatCarriesRepliesNobodyWaitsForLosesNone) {
    auto plugin = notifier("replies nobody waits for");
    for (int call = 0; call < 5; ++call) {
        const auto told = notify(plugin);
        EXPECT_EQ(told.rc, BKT_OK) << told.said.message;
    }
    plugin.close();
    EXPECT_TRUE(Faults::those().take().empty());
}

TEST(WorkerWire, ThatCarriesDescriptorsKeepsNone) {
    auto plugin = notifier("a flood of descriptors");
    const auto before = open_descriptors();
    EXPECT_EQ(notify(plugin).rc, BKT_OK);
    EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace bkt::test
