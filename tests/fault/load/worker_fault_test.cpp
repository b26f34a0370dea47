// A module that is not what its plugin.json says, loaded in a process of its own: refused there as it is here.
#include <gtest/gtest.h>

#include "baktainer/abi/kinds/notifier.h"
#include "baktainer/testing/fake_host.hpp"
#include "core/plugin/registry.hpp"
#include "core/plugin/worker/isolate.hpp"
#include "tests/fault/load/shelf.hpp"

namespace bkt::plugin {
namespace {

// What opening the first notifier of `registry` says; nothing = it opened.
std::optional<Error> opened(const Registry& registry) {
    const auto all = registry.all(BKT_KIND_NOTIFIER);
    if (all.empty()) return Error{Code::not_found, texts(registry.problems())};
    const auto& ops = *static_cast<const bkt_notifier_ops*>(all.front()->ops);
    testing::FakeHost host;
    const testing::FakeCall call(host.raw());
    void* self = nullptr;
    const bkt_rc rc = ops.open(host.raw(), call.raw(), &self);
    if (rc == BKT_OK) {
        ops.close(self);
        return std::nullopt;
    }
    return call.failure().value_or(Error{static_cast<Code>(rc), "it said nothing"});
}

TEST(WorkerLoadFault, AModuleThatIsNotWhatPluginJsonSaysIsRefused) {
    const struct {
        const char* name;
        const char* why;  // "" = it opens
        std::function<void(Manifest&)> edit;
    } kCases[] = {
        {"as it is", "", {}},
        {"version", "its version differs", [](Manifest& m) { m.version = "9.9.9"; }},
        {"components", "what it offers differs",
         [](Manifest& m) {
             m.components.push_back({"notifier/0", "other", "", ""});
         }},
        {"schema", "what it offers differs",
         [](Manifest& m) { m.components[0].config_schema = R"({"properties":{}})"; }},
        {"needs", "what it needs differs", [](Manifest& m) { m.needs = {"bkt.exec/1"}; }},
    };
    for (const auto& c : kCases) {
        SCOPED_TRACE(c.name);
        Shelf shelf;
        shelf.put("com.acme.test", fault_library("good"), c.edit);
        shelf.allow("com.acme.test", "unsigned", "worker");
        std::vector<std::string> faults;
        const auto registry = shelf.load(worker::isolate_with(
            BAKTAINER_PLUGIN_HOST, {},
            [&](const std::string&, const std::string& what) { faults.push_back(what); }));
        const auto error = opened(registry);
        EXPECT_EQ(faults.size(), 0u) << "it was refused, it did not crash";
        if (!*c.why) {
            EXPECT_FALSE(error) << error->message;
            continue;
        }
        ASSERT_TRUE(error) << "it was opened";
        EXPECT_EQ(error->code, Code::fault);
        EXPECT_NE(
            error->message.find("plugin 'com.acme.test': it is not what its plugin.json says"),
            std::string::npos)
            << error->message;
        EXPECT_NE(error->message.find(c.why), std::string::npos) << error->message;
        EXPECT_NE(error->hint.find("install the plugin again"), std::string::npos) << error->hint;
    }
}

}  // namespace
}  // namespace bkt::plugin
