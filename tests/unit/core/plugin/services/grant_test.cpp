// What an instance can reach is what its module lists.
#include "tests/unit/core/plugin/services/fixture.hpp"

namespace bkt::plugin {
namespace {

class GrantTest : public ServicesTest {
protected:
    static bool offers(Grants grants, std::string_view id) {
        const InstanceHost host(std::move(grants));
        return host.raw()->service(host.raw(), str(id)) != nullptr;
    }
};

TEST_F(GrantTest, SomeServicesAreAlwaysThereTheRestWhenListed) {
    for (const char* id : {BKT_SERVICE_LOG, BKT_SERVICE_CONFIG, BKT_SERVICE_CLOCK, BKT_SERVICE_HASH,
                           BKT_SERVICE_THREAD})
        EXPECT_TRUE(offers({}, id)) << id;
    for (const char* id : {BKT_SERVICE_SECRET, BKT_SERVICE_EXEC, BKT_SERVICE_HTTP, BKT_SERVICE_TEMP,
                           BKT_SERVICE_KV, BKT_SERVICE_METRICS, BKT_SERVICE_EVENTS}) {
        EXPECT_FALSE(offers({}, id)) << id;
        Grants listed;
        listed.needs = {id};
        EXPECT_TRUE(offers(listed, id)) << id;
    }
    Grants unknown;
    unknown.needs = {"bkt.teleport/1"};
    EXPECT_FALSE(offers(unknown, "bkt.teleport/1"));
}

TEST_F(GrantTest, ADraftNeedsToBeListedAndAllowed) {
    for (int mask = 0; mask < 4; ++mask) {
        Grants grants;
        if (mask & 1) grants.needs = {BKT_SERVICE_NET};
        if (mask & 2) grants.experimental = {BKT_SERVICE_NET};
        EXPECT_EQ(offers(grants, BKT_SERVICE_NET), mask == 3) << mask;
    }
}

}  // namespace
}  // namespace bkt::plugin
