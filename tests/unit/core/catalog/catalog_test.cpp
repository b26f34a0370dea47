#include "core/catalog/catalog.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "core/catalog/job_lock.hpp"
#include "tests/support/temp_dir.hpp"

namespace bkt::catalog {
namespace {

Entry entry(const std::string& id, const std::string& created, const std::string& store = "disk",
            const std::string& target = "shop") {
    return {id,
            store,
            "box/" + target + "/default/x-" + id,
            target,
            "default",
            "postgres",
            created,
            100,
            50,
            {"a.dump", "globals.sql"},
            "",
            ""};
}

class CatalogTest : public ::testing::Test {
protected:
    test::TempDir dir_;
    std::string path_ = dir_.path() + "/state/catalog.db";
    Catalog open() {
        auto catalog = Catalog::open(path_);
        EXPECT_TRUE(catalog) << catalog.error().message;
        return *std::move(catalog);
    }
};

TEST_F(CatalogTest, RemembersWhatWasPut) {
    ASSERT_TRUE(open().put(entry("aaaaaaaa", "2026-11-24T02:00:00Z")));
    auto again = open();
    EXPECT_FALSE(again.fresh());
    const auto all = again.list({});
    ASSERT_TRUE(all);
    EXPECT_EQ(*all, std::vector{entry("aaaaaaaa", "2026-11-24T02:00:00Z")});
}

TEST_F(CatalogTest, FindsByPrefixOrNewestOfATarget) {
    auto catalog = open();
    ASSERT_TRUE(catalog.put(entry("aaaabbbb", "2026-11-24T02:00:00Z")));
    ASSERT_TRUE(catalog.put(entry("aaaacccc", "2026-11-25T02:00:00Z")));
    EXPECT_EQ(catalog.find("aaaab")->front().id, "aaaabbbb");
    EXPECT_EQ(catalog.find("shop")->front().id, "aaaacccc");
    ASSERT_TRUE(catalog.put(entry("aaaa0000", "2026-11-25T02:00:00Z")));
    EXPECT_EQ(catalog.find("shop")->front().id, "aaaa0000") << "of one second, the last";
    auto hourly = entry("hhhhhhhh", "2026-11-24T02:00:00Z");
    hourly.job = "hourly";
    ASSERT_TRUE(catalog.put(hourly));
    EXPECT_EQ(catalog.find("shop.hourly")->front().id, "hhhhhhhh");
    EXPECT_EQ(catalog.find("shop")->front().id, "aaaa0000");
    ASSERT_TRUE(catalog.put(entry("tttttttt", "2026-11-20T02:00:00Z", "disk", "shop.hourly")));
    EXPECT_EQ(catalog.find("shop.hourly")->front().id, "tttttttt") << "a target of that name";
    EXPECT_EQ(catalog.find("shop.daily").error().code, Code::not_found);
    EXPECT_EQ(catalog.find("aaaa").error().code, Code::invalid);
    EXPECT_EQ(catalog.find("aaa").error().code, Code::not_found);
    EXPECT_EQ(catalog.find("%").error().code, Code::not_found);
    EXPECT_EQ(catalog.find("' OR 1=1 --").error().code, Code::not_found);
}

TEST_F(CatalogTest, ARescanKeepsWhatIsKnownOfVerification) {
    auto catalog = open();
    ASSERT_TRUE(catalog.put(entry("aaaaaaaa", "2026-11-24T02:00:00Z")));
    ASSERT_TRUE(catalog.put(entry("gonegone", "2026-11-24T02:00:00Z")));
    ASSERT_TRUE(catalog.put(entry("aaaaaaaa", "2026-11-24T02:00:00Z", "nas")));
    ASSERT_TRUE(catalog.mark_verified("aaaaaaaa", "disk", "2026-11-24T03:00:00Z", "ok"));
    ASSERT_TRUE(catalog.replace_store("disk", {entry("aaaaaaaa", "2026-11-24T02:00:00Z")}));
    const auto all = *catalog.list({});
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].verify_outcome, "ok");
    EXPECT_EQ(all[1].store, "nas");
}

TEST_F(CatalogTest, FiltersByTargetStoreAndTime) {
    auto catalog = open();
    ASSERT_TRUE(catalog.put(entry("aaaaaaaa", "2026-11-24T02:00:00Z")));
    ASSERT_TRUE(catalog.put(entry("bbbbbbbb", "2026-11-25T02:00:00Z", "nas", "blog")));
    EXPECT_EQ(catalog.list({"blog", "", ""})->size(), 1u);
    EXPECT_EQ(catalog.list({"", "disk", ""})->size(), 1u);
    EXPECT_EQ(catalog.list({"", "", "2026-11-25T00:00:00Z"})->size(), 1u);
}

TEST_F(CatalogTest, ADamagedFileIsSetAsideAndBegunAnew) {
    std::filesystem::create_directories(dir_.path() + "/state");
    std::ofstream(path_) << "this is no database, and it is long enough to be looked at as one: "
                         << std::string(5000, 'x');
    EXPECT_TRUE(open().fresh());
    EXPECT_TRUE(std::filesystem::exists(path_ + ".damaged"));
}

TEST_F(CatalogTest, IsNobodyElsesBusiness) {
    open();
    struct stat st {};
    ASSERT_EQ(::stat(path_.c_str(), &st), 0);
    EXPECT_EQ(st.st_mode & 077, 0u);
}

TEST(JobLock, IsHeldByOneAtATime) {
    test::TempDir dir;
    {
        const auto first = JobLock::acquire(dir.path(), "shop", "default");
        ASSERT_TRUE(first);
        EXPECT_EQ(JobLock::acquire(dir.path(), "shop", "default").error().code, Code::conflict);
        EXPECT_TRUE(JobLock::acquire(dir.path(), "shop", "hourly"));
    }
    EXPECT_TRUE(JobLock::acquire(dir.path(), "shop", "default"));
    EXPECT_EQ(known_jobs(dir.path()).size(), 2u);
}

}  // namespace
}  // namespace bkt::catalog
