// A plugin's small state: kept, bounded, and nobody else's.
#include <sys/stat.h>

#include <atomic>
#include <thread>

#include "tests/unit/core/plugin/services/fixture.hpp"

namespace bkt::plugin {
namespace {

class KvTest : public ServicesTest {};

TEST_F(KvTest, KeepsWhatItIsGivenForItsOwnerAlone) {
    const std::string odd("a\0b\xff", 4);
    ASSERT_TRUE(ask_.call.kv_put("cursor", odd));
    EXPECT_EQ(*ask_.call.kv_get("cursor"), odd);
    EXPECT_EQ(*ask_.call.kv_get("Cursor"), std::nullopt);
    Asked other(scope_, grants_of("other"));
    EXPECT_EQ(*other.call.kv_get("cursor"), std::nullopt);
    EXPECT_TRUE(other.call.kv_remove("cursor")) << "removing what is not there is fine";
    EXPECT_EQ(*ask_.call.kv_get("cursor"), odd);
    // The next process.
    facilities_ = std::make_shared<Facilities>(state_.path());
    Asked again(scope_, grants_of("mine"));
    EXPECT_EQ(*again.call.kv_get("cursor"), odd);
    ASSERT_TRUE(again.call.kv_remove("cursor"));
    EXPECT_EQ(*again.call.kv_get("cursor"), std::nullopt);
    struct stat file {};
    ASSERT_EQ(::stat((state_.path() + "/plugins.db").c_str(), &file), 0);
    EXPECT_EQ(file.st_mode & 0777, 0600u);
}

TEST_F(KvTest, SwapsOnlyWhatIsAsExpected) {
    auto& call = ask_.call;
    EXPECT_EQ(call.kv_swap("k", "old", "x").error().code, Code::conflict);
    EXPECT_TRUE(call.kv_swap("k", std::nullopt, ""));
    EXPECT_EQ(call.kv_swap("k", std::nullopt, "x").error().code, Code::conflict)
        << "an empty value is a value";
    EXPECT_TRUE(call.kv_swap("k", "", "one"));
    EXPECT_EQ(call.kv_swap("k", "two", "x").error().code, Code::conflict);
    EXPECT_EQ(*call.kv_get("k"), "one");
}

TEST_F(KvTest, LosesNoSwapBetweenThreads) {
    ASSERT_TRUE(ask_.call.kv_put("sum", "0"));
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([this] {
            Asked mine(scope_, grants_of("mine"));
            for (int done = 0; done < 10;) {
                const std::string before = mine.call.kv_get("sum")->value();
                done += mine.call.kv_swap("sum", before, std::to_string(std::stoi(before) + 1))
                            .has_value();
            }
        });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(*ask_.call.kv_get("sum"), "40");
}

TEST_F(KvTest, HasBounds) {
    auto& call = ask_.call;
    EXPECT_EQ(call.kv_put("", "x").error().code, Code::invalid);
    EXPECT_EQ(call.kv_get("").error().code, Code::invalid);
    EXPECT_TRUE(call.kv_put(std::string(200, 'k'), "x"));
    EXPECT_EQ(call.kv_put(std::string(201, 'k'), "x").error().code, Code::invalid);
    EXPECT_TRUE(call.kv_put("v", std::string(64 * 1024, 'v')));
    EXPECT_EQ(call.kv_put("v", std::string(64 * 1024 + 1, 'v')).error().code, Code::invalid);
}

TEST_F(KvTest, TakesAThousandKeysAndNoMore) {
    KvStore store(state_.path() + "/many.db");
    for (int i = 0; i < kMaxKvKeys; ++i) ASSERT_TRUE(store.put("a", std::to_string(i), "x"));
    EXPECT_EQ(store.put("a", "one more", "x").error().code, Code::no_space);
    EXPECT_TRUE(store.put("a", "7", "changed")) << "what is there may change";
    EXPECT_TRUE(store.put("b", "one", "x")) << "another component has room";
    EXPECT_TRUE(store.remove("a", "7"));
    EXPECT_TRUE(store.put("a", "one more", "x"));
}

TEST_F(KvTest, SaysWhyThereIsNoState) {
    facilities_ = std::make_shared<Facilities>("/proc/nowhere");
    Asked nowhere(scope_, grants_of("mine"));
    const auto put = nowhere.call.kv_put("k", "v");
    EXPECT_EQ(nowhere.told(put).code, Code::denied);
    EXPECT_NE(nowhere.told(put).hint.find("state_dir"), std::string::npos);
    Grants bare = grants_of("mine");
    bare.facilities = nullptr;
    Asked none(scope_, std::move(bare));
    EXPECT_EQ(none.call.kv_put("k", "v").error().code, Code::unsupported);
}

}  // namespace
}  // namespace bkt::plugin
