#include <gtest/gtest.h>

#include "core/catalog/job_lock.hpp"
#include "core/catalog/rescan.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/temp_dir.hpp"

namespace bkt::catalog {
namespace {

class SweepTest : public ::testing::Test {
protected:
    test::TempDir state_;
    base::Cancel cancel_;
    base::Scrubber scrubber_;
    plugin::CallScope scope_{cancel_, scrubber_, std::nullopt, {}};
    archive::Store store_ = test::memory_store("sweep", scope_);
    std::map<std::string, std::string>& objects_ = test::shelf("sweep").objects;
};

TEST_F(SweepTest, RemovesOnlyFoldersWithoutAManifest) {
    objects_ = {
        {"box/shop/default/20261124T020000Z-good/a.dump.zst", "x"},
        {"box/shop/default/20261124T020000Z-good/manifest.json", "x"},
        {"box/shop/default/20261124T030000Z-dead/a.dump.zst", "x"},
        {"box/shop/default/20261124T030000Z-dead/RESTORE.txt", "x"},
        {"box/shop/default/notes.txt", "somebody's own"},
        {"other/shop/default/20261124T030000Z-dead/a.dump.zst", "another host's"},
        {"RESTORE.txt", "x"},
    };
    const auto removed = sweep_store(store_, "box", state_.path(), scope_);
    ASSERT_TRUE(removed) << removed.error().message;
    EXPECT_EQ(*removed, 2u);
    EXPECT_EQ(objects_.size(), 5u);
    EXPECT_EQ(objects_.count("box/shop/default/20261124T030000Z-dead/a.dump.zst"), 0u);
}

TEST_F(SweepTest, LeavesARunningJobAlone) {
    objects_ = {{"box/shop/default/20261124T030000Z-live/a.dump.zst", "x"}};
    const auto lock = JobLock::acquire(state_.path(), "shop", "default");
    ASSERT_TRUE(lock);
    EXPECT_EQ(*sweep_store(store_, "box", state_.path(), scope_), 0u);
    EXPECT_EQ(objects_.size(), 1u);
}

TEST_F(SweepTest, AMovedManifestIsNoBackup) {
    archive::Manifest m;
    m.id = "abcdabcd";
    m.created = *base::parse_rfc3339("2026-11-24T02:00:00Z");
    m.host = "box";
    m.target.name = "shop";
    m.job = "default";
    objects_[m.folder() + "/manifest.json"] = archive::to_json(m);
    objects_["box/blog/default/20261124T020000Z-abcdabcd/manifest.json"] = archive::to_json(m);
    objects_["box/blog/default/20261124T020000Z-cutcutcut/manifest.json"] = "{";
    const auto scan = scan_store(store_, scope_);
    ASSERT_TRUE(scan) << scan.error().message;
    ASSERT_EQ(scan->entries.size(), 1u);
    EXPECT_EQ(scan->entries[0].folder, m.folder());
    EXPECT_EQ(scan->damaged.size(), 2u);
}

}  // namespace
}  // namespace bkt::catalog
