// Plugins of the past and of the future against today's host. See README.md beside this file.
#include <gtest/gtest.h>

#include <signal.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "core/plugin/describe.hpp"
#include "core/plugin/module.hpp"
#include "core/plugin/shape.hpp"
#include "core/plugin/worker/isolate.hpp"
#include "core/run/backup_run.hpp"
#include "core/run/find_jobs.hpp"
#include "core/run/restore_run.hpp"
#include "core/run/verify_run.hpp"
#include "tests/support/temp_dir.hpp"

namespace bkt::run {
namespace {

class Told final : public Observer {
public:
    void event(const Event& event) override {
        if (event.id != "source.unreachable") return;
        for (const auto& [key, value] : event.fields)
            if (key == "reason") ADD_FAILURE() << std::get<std::string>(value);
    }
};

std::string library(const std::string& folder, const std::string& name) {
    return std::string(BAKTAINER_MUSEUM) + "/" + folder + "/" + name + "/lib" + name + ".so";
}

plugin::Isolate in_workers() {
    ::signal(SIGPIPE, SIG_IGN);  // as the program does
    return plugin::worker::isolate_with(BAKTAINER_PLUGIN_HOST, {},
                                        [](const std::string& module, const std::string& what) {
                                            ADD_FAILURE() << module << ": " << what;
                                        });
}

// Today's program with no plugin but those of `folder`, in its own process or in workers.
class Museum : public ::testing::TestWithParam<plugin::Isolation> {
protected:
    plugin::Registry registry(const std::string& folder, const std::vector<std::string>& names) {
        std::vector<plugin::Admission> admissions;
        for (const auto& name : names) {
            plugin::Admission a;
            a.library = library(folder, name);
            auto manifest = plugin::describe_library(a.library);
            EXPECT_TRUE(manifest) << (manifest ? "" : manifest.error().message);
            if (!manifest) continue;
            a.manifest = *std::move(manifest);
            a.trust = plugin::Trust::unsigned_code;
            a.isolation = GetParam();
            a.state = plugin::State::ready;
            admissions.push_back(std::move(a));
        }
        auto made = plugin::Registry::load(std::move(admissions), in_workers());
        for (const auto& problem : made.problems()) ADD_FAILURE() << problem.message;
        return made;
    }
    config::Settings settings(const std::string& rows) {
        const std::string file = dir_.path() + "/b.yaml";
        std::ofstream(file) << "host: box\nstate_dir: " << dir_.path() << "/state\n"
                            << "discovery: { old: { type: old-box, rows: \"" << rows << "\" } }\n"
                            << "stores: { memory: { type: old-memory } }\n";
        auto loaded = config::load(file, {});
        EXPECT_TRUE(loaded) << (loaded ? "" : loaded.error().message);
        return *std::move(loaded);
    }
    const std::vector<std::string> kSpine{"old_engine", "old_storage", "old_discovery"};
    test::TempDir dir_;
    base::Cancel cancel_;
    Told told_;
};

INSTANTIATE_TEST_SUITE_P(BothWays, Museum,
                         ::testing::Values(plugin::Isolation::in_process,
                                           plugin::Isolation::worker),
                         [](const auto& way) {
                             return way.param == plugin::Isolation::worker ? "Worker" : "InProcess";
                         });

TEST_P(Museum, OldPluginsBackUpVerifyAndRestore) {
    const auto registry = this->registry("spine", kSpine);
    ASSERT_EQ(registry.components().size(), 3u);
    Context context(settings("row 1\\nrow 2\\nend\\n"), registry, cancel_, told_, nullptr);

    const auto found = find_jobs(context);
    ASSERT_EQ(found.jobs.size(), 1u);
    ASSERT_FALSE(found.jobs[0].blocked) << found.jobs[0].blocked->text;
    EXPECT_EQ(found.jobs[0].engine, "old");
    const auto done = backup(context, found.jobs[0]);
    ASSERT_TRUE(done) << done.error().message;

    const auto entries = (*context.catalog())->find(done->manifest.id);
    ASSERT_TRUE(entries) << entries.error().message;
    ASSERT_EQ(entries->size(), 1u);
    EXPECT_EQ(entries->front().parts, std::vector<std::string>{"all.txt"});
    EXPECT_EQ(entries->front().plain_bytes, 16u);
    const auto verified = verify(context, entries->front());
    EXPECT_TRUE(verified) << verified.error().message;

    RestoreOptions in_place;
    in_place.to = "box";
    in_place.confirmed = true;
    const auto restored = restore(context, entries->front(), in_place);
    EXPECT_TRUE(restored) << restored.error().message;
    EXPECT_EQ(restored->plain_bytes, 16u);
}

TEST_P(Museum, AnOldTapStillStopsADumpWithoutItsEnd) {
    const auto registry = this->registry("spine", kSpine);
    Context context(settings("row 1\\nrow"), registry, cancel_, told_, nullptr);
    const auto found = find_jobs(context);
    ASSERT_EQ(found.jobs.size(), 1u);
    const auto done = backup(context, found.jobs[0]);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::truncated);
    EXPECT_NE(done.error().message.find("the old dump has no end"), std::string::npos)
        << done.error().message;
}

TEST_P(Museum, ANewerPluginRunsWhenItNeedsNothingNew) {
    const auto registry = this->registry("future", {"longer_tables"});
    ASSERT_EQ(registry.components().size(), 1u);
    base::Scrubber scrubber;
    const plugin::CallScope scope{cancel_, scrubber, std::nullopt, {}};
    const auto store = archive::Store::open("t", registry.components()[0], {}, scope);
    ASSERT_TRUE(store) << store.error().message;
    EXPECT_EQ(store->health(scope).value_or(""), "from tomorrow");
}

TEST(NewerMinor, IsRefusedInClearWords) {
    const auto refused = plugin::load_module(library("future", "newer_minor"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::unsupported);
    EXPECT_EQ(refused.error().message, "it needs plugin interface 0.7, this program offers 0.0");
    EXPECT_EQ(refused.error().hint, "update Baktainer");
}

TEST(OurShape, AFieldTheOldHeaderHadNotIsAbsent) {
    for (const char* name : {"old_engine", "old_storage", "old_discovery"}) {
        SCOPED_TRACE(name);
        const auto module = plugin::load_module(library("spine", name));
        ASSERT_TRUE(module) << module.error().message;
        EXPECT_EQ((*module)->size, sizeof(bkt_module));
        ASSERT_EQ((*module)->need_count, 3u);
        EXPECT_STREQ((*module)->needs[0], BKT_SERVICE_EXEC);
        EXPECT_EQ((*module)->init, nullptr);
        EXPECT_EQ((*module)->components[0]->size, sizeof(bkt_component));
        EXPECT_EQ((*module)->components[0]->config_schema, nullptr);
    }
    const auto engine = plugin::load_module(library("spine", "old_engine"));
    const auto* ops = static_cast<const bkt_engine_ops*>((*engine)->components[0]->ops);
    EXPECT_EQ(ops->size, sizeof(bkt_engine_ops));
    EXPECT_NE(ops->recipe, nullptr);
    EXPECT_EQ(ops->extension, nullptr);
}

struct Case {
    const char* name;
    std::uint32_t size;
    bool with_plan;
    const char* says;  // nullptr = accepted
};

const Case kCases[] = {
    {"whole", sizeof(bkt_engine_ops), true, nullptr},
    {"as of the spine", offsetof(bkt_engine_ops, extension), true, nullptr},
    {"without a method it needs", sizeof(bkt_engine_ops), false, "no method 'plan'"},
    {"cut before a method it needs", offsetof(bkt_engine_ops, recipe), true, "no method 'recipe'"},
    {"no size at all", 0, true, "has the size 0"},
    {"a number that is no size", 0xffffffff, true, "has the size 4294967295"},
};

TEST(OurShape, RefusesATableWithoutWhatItsKindCannotDoWithout) {
    const auto old = plugin::load_module(library("spine", "old_engine"));
    ASSERT_TRUE(old);
    for (const Case& c : kCases) {
        SCOPED_TRACE(c.name);
        auto ops = *static_cast<const bkt_engine_ops*>((*old)->components[0]->ops);
        ops.size = c.size;
        if (!c.with_plan) ops.plan = nullptr;
        bkt_component component = *(*old)->components[0];
        component.ops = &ops;
        const bkt_component* components[] = {&component};
        bkt_module module = **old;
        module.components = components;
        const auto shaped = plugin::in_our_shape(module);
        EXPECT_EQ(shaped.has_value(), c.says == nullptr);
        if (shaped) continue;
        EXPECT_EQ(shaped.error().code, Code::fault);
        EXPECT_NE(shaped.error().message.find(c.says ? c.says : "?"), std::string::npos)
            << shaped.error().message;
    }
}

}  // namespace
}  // namespace bkt::run
