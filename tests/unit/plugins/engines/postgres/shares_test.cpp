// How rows are divided among tools that dump at once.
#include "plugins/engines/postgres/shares.hpp"

#include <gtest/gtest.h>

#include <set>

namespace bkt::postgres {
namespace {

Relations of_sizes(const std::vector<std::uint64_t>& sizes) {
    Relations r;
    r.utf8 = true;
    r.lock_slots = 6400;
    for (std::size_t i = 0; i < sizes.size(); ++i)
        r.all.push_back({"public", "t" + std::to_string(i), 'r', sizes[i]});
    return r;
}

std::uint64_t sum(const std::vector<Relation>& list) {
    std::uint64_t bytes = 0;
    for (const auto& r : list) bytes += r.size_bytes;
    return bytes;
}

TEST(Shares, GiveEachToolAboutAsMuch) {
    const auto r = of_sizes({100, 90, 80, 70, 60, 50, 40, 30, 20, 10});
    const auto shares = divide(r, Filter(), 3);
    ASSERT_EQ(shares.count(), 3u);
    std::uint64_t listed = 0;
    std::set<std::string> names;
    for (const auto& list : shares.lists) {
        EXPECT_NEAR(static_cast<double>(sum(list)), 550.0 / 3, 30);
        listed += sum(list);
        for (const auto& t : list) EXPECT_TRUE(names.insert(t.name).second) << t.name << " twice";
    }
    EXPECT_NEAR(static_cast<double>(550 - listed), 550.0 / 3, 30) << "the rest";
}

TEST(Shares, LeaveToTheFirstToolWhatCannotBeNamed) {
    Relations r = of_sizes({10, 10});
    r.all.push_back({"public", "Käse", 'r', 1000});
    r.utf8 = false;
    for (const auto& list : divide(r, Filter(), 2).lists)
        for (const auto& t : list) EXPECT_NE(t.name, "Käse");
    r.utf8 = true;
    const auto named = divide(r, Filter(), 2);
    EXPECT_EQ(named.count(), 2u);
}

TEST(Shares, AreOneForWhatCannotBeDivided) {
    EXPECT_EQ(divide(of_sizes({100, 100}), Filter(), 1).count(), 1u);
    EXPECT_EQ(divide(of_sizes({100, 100}), Filter(), 0).count(), 1u) << "auto, and small";
    const auto one = divide(of_sizes({100}), Filter(), 4);
    EXPECT_EQ(one.count(), 1u);
    EXPECT_NE(one.why_not.find("nothing to divide"), std::string::npos);
    Relations views = of_sizes({1, 1, 1});
    for (auto& v : views.all) v.kind = 'v';
    EXPECT_EQ(divide(views, Filter(), 4).count(), 1u);
    EXPECT_GE(divide(of_sizes({1ull << 30, 1ull << 30}), Filter(), 0).count(), 1u);
}

TEST(Shares, KeepWithinTheServersLocks) {
    const Relations r = of_sizes(std::vector<std::uint64_t>(1000, 5));
    EXPECT_EQ(divide(r, Filter(), 3).count(), 3u) << "5000 locks of 6400";
    const auto many = divide(r, Filter(), 4);
    EXPECT_EQ(many.count(), 1u);
    EXPECT_NE(many.why_not.find("max_locks_per_transaction"), std::string::npos);
}

}  // namespace
}  // namespace bkt::postgres
