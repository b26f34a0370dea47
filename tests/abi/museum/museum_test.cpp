// Plugins of the past and of the future against today's host. See README.md beside this file.
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>

#include "core/plugin/instance.hpp"
#include "core/run/backup_run.hpp"
#include "core/run/find_jobs.hpp"
#include "core/run/restore_run.hpp"
#include "core/run/verify_run.hpp"
#include "tests/support/temp_dir.hpp"

namespace bkt::run {
namespace {

class Told final : public Observer {
public:
    void event(const Event& event) override { events.emplace_back(event.id); }
    std::vector<std::string> events;
};

// Today's program with no plugin but those of `folder`.
class Museum : public testing::Test {
protected:
    plugin::Registry registry(const std::string& folder) {
        return plugin::Registry::load({std::string(BAKTAINER_MUSEUM) + "/" + folder});
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
    test::TempDir dir_;
    base::Cancel cancel_;
    Told told_;
};

TEST_F(Museum, OldPluginsBackUpVerifyAndRestore) {
    const auto registry = this->registry("spine");
    for (const auto& problem : registry.problems()) ADD_FAILURE() << problem.message;
    ASSERT_EQ(registry.components().size(), 3u);
    Context context(settings("row 1\\nrow 2\\nend\\n"), registry, cancel_, told_);

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

TEST_F(Museum, AnOldTapStillStopsADumpWithoutItsEnd) {
    const auto registry = this->registry("spine");
    Context context(settings("row 1\\nrow"), registry, cancel_, told_);
    const auto found = find_jobs(context);
    ASSERT_EQ(found.jobs.size(), 1u);
    const auto done = backup(context, found.jobs[0]);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::truncated);
    EXPECT_NE(done.error().message.find("the old dump has no end"), std::string::npos)
        << done.error().message;
}

TEST_F(Museum, ASlotTheOldHeaderHadNotIsNull) {
    const auto registry = this->registry("spine");
    const auto* engine = *registry.find(BKT_KIND_ENGINE, "old");
    const auto* storage = *registry.find(BKT_KIND_STORAGE, "old-memory");
    const auto* discovery = *registry.find(BKT_KIND_DISCOVERY, "old-box");
    EXPECT_LT(static_cast<const bkt_engine_ops*>(engine->ops)->size, sizeof(bkt_engine_ops));
    EXPECT_EQ(plugin::read_ops<bkt_engine_ops>(*engine)->extension, nullptr);
    EXPECT_EQ(plugin::read_ops<bkt_storage_ops>(*storage)->extension, nullptr);
    EXPECT_EQ(plugin::read_ops<bkt_discovery_ops>(*discovery)->extension, nullptr);
}

TEST_F(Museum, ANewerPluginRunsWhenItNeedsNothingNewAndIsRefusedWhenItDoes) {
    const auto registry = this->registry("future");
    ASSERT_EQ(registry.components().size(), 1u);
    EXPECT_EQ(registry.components()[0].name, "tomorrow");
    base::Scrubber scrubber;
    const plugin::CallScope scope{cancel_, scrubber, std::nullopt, {}};
    const auto store = archive::Store::open("t", registry.components()[0], {}, scope);
    ASSERT_TRUE(store) << store.error().message;
    EXPECT_EQ(store->health(scope).value_or(""), "from tomorrow");

    ASSERT_EQ(registry.problems().size(), 1u);
    const Error& refused = registry.problems()[0];
    EXPECT_EQ(refused.code, Code::unsupported);
    EXPECT_NE(refused.message.find("museum.future.notifier"), std::string::npos) << refused.message;
    EXPECT_NE(refused.message.find("needs"), std::string::npos) << refused.message;
    EXPECT_NE(refused.message.find("0.7"), std::string::npos) << refused.message;
    EXPECT_EQ(refused.hint, "update Baktainer");
}

struct Case {
    const char* name;
    std::uint32_t size;
    bool with_plan;
    const char* says;  // nullptr = accepted
};

TEST(OpsTable, IsRefusedWithoutWhatItsKindCannotDoWithout) {
    const Case kCases[] = {
        {"whole", sizeof(bkt_engine_ops), true, nullptr},
        {"as of the spine", offsetof(bkt_engine_ops, extension), true, nullptr},
        {"without a method it needs", sizeof(bkt_engine_ops), false, "no method 'plan'"},
        {"cut before a method it needs", offsetof(bkt_engine_ops, recipe), true,
         "no method 'recipe'"},
        {"no size at all", 0, true, "has the size 0"},
        {"a number that is no size", 0xffffffff, true, "has the size 4294967295"},
    };
    const plugin::Registry registry =
        plugin::Registry::load({std::string(BAKTAINER_MUSEUM) + "/spine"});
    const auto found = registry.find(BKT_KIND_ENGINE, "old");
    ASSERT_TRUE(found);
    for (const Case& c : kCases) {
        SCOPED_TRACE(c.name);
        bkt_engine_ops ops{};
        std::memcpy(&ops, (*found)->ops, offsetof(bkt_engine_ops, extension));
        ops.size = c.size;
        if (!c.with_plan) ops.plan = nullptr;
        plugin::Component component = **found;
        component.ops = &ops;
        const auto read = plugin::read_ops<bkt_engine_ops>(component);
        EXPECT_EQ(read.has_value(), c.says == nullptr);
        if (!read) {
            EXPECT_EQ(read.error().code, Code::fault);
            EXPECT_NE(read.error().message.find("museum.spine.engine"), std::string::npos);
            EXPECT_NE(read.error().message.find(c.says ? c.says : "?"), std::string::npos)
                << read.error().message;
        }
    }
}

}  // namespace
}  // namespace bkt::run
