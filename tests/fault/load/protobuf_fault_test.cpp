// 9: a library that allows no second user in its process, used by two plugins.
#include <gtest/gtest.h>

#include "baktainer/abi/kinds/notifier.h"
#include "baktainer/call.hpp"
#include "core/plugin/instance.hpp"
#include "core/plugin/worker/isolate.hpp"
#include "tests/fault/load/shelf.hpp"

namespace bkt::plugin {
namespace {

#if WITH_PROTOBUF
std::string health_of(const Registry& registry, const std::string& name) {
    const auto found = registry.find(BKT_KIND_NOTIFIER, name);
    if (!found) return found.error().message;
    base::Cancel cancel;
    base::Scrubber scrubber;
    const CallScope scope{cancel, scrubber, std::nullopt, {}};
    const auto opened = Instance<bkt_notifier_ops>::open(**found, {}, scope);
    if (!opened) return opened.error().message;
    std::string told;
    const auto asked = opened->call(scope, [&](const auto& ops, void* self, const bkt_call* call) {
        bkt_str text{nullptr, 0};
        const bkt_rc rc = ops.health(self, call, &text);
        told = view(text);
        return rc;
    });
    return asked ? told : asked.error().message;
}
#endif

// In one process the second would end it ("File already exists in database"): strangers have one each.
TEST(LoadFault, TwoPluginsWithTheSameProtobufFileWorkInWorkers) {
#if WITH_PROTOBUF
    Shelf shelf;
    for (const std::string n : {"1", "2"}) {
        const auto id = "com.acme.protobuf" + n;
        shelf.put(id, BAKTAINER_STATIC_PLUGINS "/libfault_protobuf_" + n + ".so", [&](Manifest& m) {
            m.vendor = "", m.components = {{"notifier/0", "protobuf" + n, "protobuf" + n, ""}};
            m.needs = {"bkt.http/1", "bkt.secret/1", "bkt.kv/1", "bkt.metrics/1", "bkt.events/1"};
        });
        shelf.allow(id, "", "worker");
    }
    const auto registry = shelf.load(
        worker::isolate_with(BAKTAINER_PLUGIN_HOST, {}, [](const auto&, const auto&) {}));
    ASSERT_EQ(registry.components().size(), 2u) << texts(registry.problems());
    for (const std::string name : {"protobuf1", "protobuf2", "protobuf1"})
        EXPECT_EQ(health_of(registry, name), "greeting.proto: " + name + " 1 2 3");
#else
    GTEST_SKIP() << "built without protobuf: scripts/deps --test brings it";
#endif
}

}  // namespace
}  // namespace bkt::plugin
