// A listing by an isolated store.
#include "tests/fault/worker/isolated.hpp"

namespace bkt::test {
namespace {

struct Listed {
    std::vector<std::string> keys;
    std::size_t stop_at = SIZE_MAX;
    static bkt_rc object(const bkt_object_out* out, const bkt_object* o) noexcept {
        auto& self = *static_cast<Listed*>(out->ctx);
        self.keys.emplace_back(view(o->key));
        return self.keys.size() < self.stop_at ? BKT_OK : BKT_CONFLICT;
    }
};

Done list_into(const std::string& mode, Listed& into) {
    auto plugin = store(mode);
    testing::FakeCall call(plugin.host.raw());
    const bkt_object_out out{sizeof out, 0, &into, &Listed::object};
    return done(plugin.ops().list(plugin.self(), call.raw(), str("p/"), &out), call);
}

TEST(WorkerList, ArrivesInOrderAndWholeOrNotWell) {
    Listed all, some, cut;
    EXPECT_EQ(list_into("", all).rc, BKT_OK);
    ASSERT_EQ(all.keys.size(), 1000u);
    EXPECT_EQ(all.keys.front(), "p/0");
    EXPECT_EQ(all.keys.back(), "p/999");
    some.stop_at = 100;
    EXPECT_EQ(list_into("", some).rc, BKT_CONFLICT);
    EXPECT_EQ(some.keys.size(), 100u);
    EXPECT_EQ(list_into("crash in mid-list", cut).rc, BKT_FAULT);
}

}  // namespace
}  // namespace bkt::test
