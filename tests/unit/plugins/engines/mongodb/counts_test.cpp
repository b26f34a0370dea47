#include <gtest/gtest.h>

#include "plugins/engines/mongodb/server.hpp"

namespace bkt::mongodb {
namespace {

struct CountRow {
    const char* name;
    std::uint64_t before, after, deleted;
    std::optional<std::uint64_t> archive;  // nullopt = the collection is not in it
    std::uint64_t exact;                   // what counting says
    bool whole;
};
const CountRow kRows[] = {
    {"all there", 100, 100, 0, 100, 100, true},
    {"a third lost", 160'000, 160'000, 0, 120'101, 160'000, false},
    {"one lost", 100, 100, 0, 99, 100, false},
    {"inserts after the cursor passed", 100, 150, 0, 100, 150, true},
    {"inserts the cursor met", 100, 150, 0, 130, 150, true},
    {"deletes before the cursor came", 100, 60, 40, 60, 60, true},
    {"deletes and as many inserts", 100, 100, 30, 75, 100, true},
    {"more lost than was deleted", 100, 100, 30, 69, 100, false},
    {"more was deleted than is there", 10, 10, 5000, 0, 10, true},
    {"an estimate from before a crash", 150, 150, 0, 100, 100, true},
    {"not in the archive", 100, 100, 0, std::nullopt, 100, false},
    {"not in the archive, and empty", 0, 0, 0, std::nullopt, 0, false},
    {"empty", 0, 0, 0, 0, 0, true},
};

Status compare(const CountRow& row, bool tells_deletes, std::string& warning) {
    const Namespace name{"shop", "orders"};
    Server before, after;
    before.counts[name] = row.before;
    after.counts[name] = row.after;
    if (tells_deletes) {
        before.deleted = 7;
        after.deleted = 7 + row.deleted;
    }
    Counts archive;
    if (row.archive) archive[name] = *row.archive;
    return compare_counts(
        before, after, archive,
        [&](const Namespace&) -> Result<std::uint64_t> { return row.exact; },
        [](const Namespace&) { return true; }, warning);
}

TEST(MongodbCounts, CatchAnArchiveThatLacksDocuments) {
    for (const auto& row : kRows) {
        SCOPED_TRACE(row.name);
        std::string warning;
        const auto compared = compare(row, true, warning);
        EXPECT_EQ(compared.has_value(), row.whole);
        EXPECT_EQ(warning, "");
        if (compared) continue;
        EXPECT_EQ(compared.error().code, Code::truncated);
        EXPECT_NE(compared.error().message.find("'shop.orders'"), std::string::npos);
    }
}

TEST(MongodbCounts, WarnWhereDeletesAreNotTold) {
    std::string warning;
    EXPECT_TRUE(compare({"a third lost", 150, 150, 0, 100, 150, false}, false, warning));
    EXPECT_NE(warning.find("does not tell what was deleted"), std::string::npos);
    EXPECT_FALSE(compare({"no collection", 1, 1, 0, std::nullopt, 1, false}, false, warning));
}

TEST(MongodbCounts, AreNotComparedForWhatCameWentOrWasLeftOut) {
    Server before, after;
    before.deleted = after.deleted = 0;
    before.counts[{"shop", "dropped"}] = 5;
    after.counts[{"shop", "made"}] = 5;
    before.counts[{"shop", "left_out"}] = after.counts[{"shop", "left_out"}] = 5;
    std::string warning;
    EXPECT_TRUE(compare_counts(
        before, after, {}, [](const Namespace&) -> Result<std::uint64_t> { return 5; },
        [](const Namespace& n) { return n.collection != "left_out"; }, warning));
}

}  // namespace
}  // namespace bkt::mongodb
