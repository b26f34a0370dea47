// A plugin that speaks with its server itself, in this process and in one of its own: the host connects it.
#include "core/base/cancel.hpp"
#include "core/base/scrubber.hpp"
#include "core/plugin/instance.hpp"
#include "tests/fault/worker/isolated.hpp"
#include "tests/support/tcp_listener.hpp"

namespace bkt::test {
namespace {

using Clock = std::chrono::steady_clock;

class NetBothWays : public ::testing::TestWithParam<bool> {
protected:
    plugin::Component component(bool allowed) const {
        plugin::Component c;
        c.module = "test.rogue";
        c.kind = BKT_KIND_NOTIFIER;
        c.name = "rogue";
        c.path = ROGUE_PLUGIN;
        c.needs = {"bkt.net/1"};
        if (allowed) c.experimental = {"bkt.net/1"};
        c.trust = plugin::Trust::unsigned_code;
        if (!GetParam()) {
            c.ops = &rogue_here<bkt_notifier_ops>(BKT_KIND_NOTIFIER);
            return c;
        }
        const auto made = plugin::worker::isolate_with(PLUGIN_HOST, {}, {})(c);
        if (!made) throw std::runtime_error(made.error().message);
        c.ops = *made;
        return c;
    }
    // What the plugin's call comes to when it dials `port`.
    Status dialled(std::uint16_t port, std::chrono::milliseconds time, bool allowed = true) const {
        const base::Cancel cancel;
        const base::Scrubber nothing;
        plugin::Grants grants;
        grants.config = {{"mode", "dial"}, {"host", "127.0.0.1"}, {"port", std::to_string(port)}};
        const plugin::CallScope scope{cancel, nothing, std::nullopt, {}, {}};
        auto opened =
            plugin::Instance<bkt_notifier_ops>::open(component(allowed), std::move(grants), scope);
        if (!opened) return opened.error();
        const plugin::CallScope call{cancel, nothing, Clock::now() + time, {}, {}};
        return opened->call(call, [](const auto& ops, void* self, const bkt_call* raw) {
            const auto e = event();
            return ops.notify(self, raw, &e);
        });
    }
};

TEST_P(NetBothWays, GivesAConnectionOrSaysWhyNot) {
    const struct {
        const char* title;
        TcpListener::Kind server;
        std::chrono::milliseconds time;
        std::optional<Code> code;
        const char* says;
    } kCases[] = {
        {"it answers", TcpListener::Kind::echo, std::chrono::seconds(20), {}, ""},
        {"nobody listens", TcpListener::Kind::closed, std::chrono::seconds(20), Code::unavailable,
         "cannot connect to '127.0.0.1:"},
        {"no answer", TcpListener::Kind::silent, std::chrono::milliseconds(500), Code::timeout, ""},
    };
    for (const auto& c : kCases) {
        SCOPED_TRACE(c.title);
        TcpListener server(c.server);
        const auto began = Clock::now();
        const auto done = dialled(server.port(), c.time);
        EXPECT_LT(Clock::now() - began, std::chrono::seconds(5));
        ASSERT_EQ(done.has_value(), !c.code) << (done ? "" : done.error().message);
        if (done) continue;
        EXPECT_EQ(done.error().code, *c.code) << done.error().message;
        EXPECT_NE(done.error().message.find(c.says), std::string::npos) << done.error().message;
    }
}

TEST_P(NetBothWays, IsNotThereUntilTheOperatorAllowsIt) {
    TcpListener server(TcpListener::Kind::echo);
    const auto done = dialled(server.port(), std::chrono::seconds(20), false);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::unsupported) << done.error().message;
}

INSTANTIATE_TEST_SUITE_P(Plugin, NetBothWays, ::testing::Bool(),
                         [](const auto& info) { return info.param ? "isolated" : "here"; });

}  // namespace
}  // namespace bkt::test
