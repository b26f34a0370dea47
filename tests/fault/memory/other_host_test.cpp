// Today's plugins of every kind in hosts of other days: one of the future, whose structs are longer and hold
// what nobody knows yet, and one of the first days, which has fewer services.
#include "tests/fault/memory/scenarios.hpp"

namespace bkt::test {
namespace {

const bkt_module* module_of(const Kind& kind) {
    const auto entry = entry_of(library(kind.name));
    return entry ? entry() : nullptr;
}

TEST(FutureHost, MayHandOutMoreThanAPluginKnows) {
    for (const Kind& kind : kKinds) {
        SCOPED_TRACE(kind.name);
        const auto* module = module_of(kind);
        ASSERT_NE(module, nullptr);
        ThriftyHost host;
        host.is_future = true;
        EXPECT_EQ(kind.scenario(*module, host), BKT_OK) << host.said();
    }
}

// The rest of its service tables: unit/sdk/older_host_test.cpp.
TEST(FirstHost, IsToldWhatItLacks) {
    for (const Kind& kind : kKinds) {
        SCOPED_TRACE(kind.name);
        const auto* module = module_of(kind);
        ASSERT_NE(module, nullptr);
        ThriftyHost host;
        host.is_older = true;
        const bool asks_for_more = std::string_view(kind.name) == "notifier";
        EXPECT_EQ(kind.scenario(*module, host), asks_for_more ? BKT_DENIED : BKT_OK);
        EXPECT_EQ(host.said(), asks_for_more ? "'bkt.http/1' is not granted" : "");
    }
}

// Of a phase nobody knows yet nothing is said; an event of unknown weight counts as the heaviest.
TEST(FutureHost, IsNotAnsweredAboutAPhaseOfTomorrow) {
    const auto* module = module_of(kKinds[4]);
    ASSERT_NE(module, nullptr);
    const auto& ops = ops_of<bkt_hook_ops>(*module);
    ThriftyHost host;
    void* self = nullptr;
    ASSERT_EQ(ops.open(host.host(), host.begin_call(), &self), BKT_OK);
    static int answers;
    const bkt_hook_out out{sizeof out, 0, nullptr,
                           [](const bkt_hook_out*, std::int32_t, bkt_str) noexcept { ++answers; },
                           [](const bkt_hook_out*, bkt_str, bkt_str) noexcept { ++answers; }};
    bkt_hook_event event{};
    event.size = sizeof event;
    for (const std::int32_t phase : {-1, 0, 4, 99}) {
        event.phase = phase;
        EXPECT_EQ(ops.before(self, host.begin_call(), &event, &out), BKT_OK);
        EXPECT_EQ(ops.after(self, host.begin_call(), &event, &out), BKT_OK);
    }
    EXPECT_EQ(answers, 0);
    event.phase = BKT_PHASE_VERIFY;
    EXPECT_EQ(ops.before(self, host.begin_call(), &event, &out), BKT_OK);
    EXPECT_EQ(answers, 1);
    ops.close(self);
    bkt_event heavy{};
    heavy.size = sizeof heavy;
    for (const std::int32_t severity : {-7, 4, 99}) {
        heavy.severity = severity;
        EXPECT_EQ(Event(&heavy).severity(), Severity::error);
    }
}

}  // namespace
}  // namespace bkt::test
