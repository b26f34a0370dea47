#include "plugins/engines/mysql/selection.hpp"

#include <gtest/gtest.h>

#include "baktainer/testing/fake_host.hpp"
#include "plugins/engines/mysql/recipe.hpp"
#include "plugins/engines/mysql/table_choice.hpp"

namespace bkt::mysql {
namespace {

Result<Selection> selection_of(std::map<std::string, std::string> config) {
    testing::FakeHost host;
    host.config = std::move(config);
    testing::FakeCall fake(host.raw());
    return Selection::load(fake.call());
}

struct Match {
    const char *pattern, *database, *table;
    bool matches;
};
const Match kMatches[] = {
    {"orders", "shop", "orders", true},
    {"orders", "blog", "orders", true},
    {"orders", "shop", "orders2", false},
    {"orders", "shop", "Orders", false},
    {"shop.orders", "shop", "orders", true},
    {"shop.orders", "blog", "orders", false},
    {"shop.*", "shop", "anything at all", true},
    {"shop.*", "shop2", "x", false},
    {"*.cache_*", "any", "cache_", true},
    {"cache_*", "cache_db", "orders", false},
    {"s*.?", "shop", "ü", true},
    {"s*.?", "shop", "üü", false},
    {"*a*b", "x", "aXbab", true},
    {"*a*b", "x", "aXba", false},
    {"*", "x", "", true},
    {"shop.a?b", "shop", "a.b", true},
    {"shop.a.b", "shop", "a.b", true},
    {"a_c", "x", "abc", false},
    {"%", "x", "orders", false},
    {"[a-z]", "x", "b", false},
    {"$(reboot)", "x", "$(reboot)", true},
    {"****************************************b", "x",
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
};

TEST(Selection, TakesTablesByNameOrPattern) {
    for (const auto& c : kMatches) {
        SCOPED_TRACE(std::string(c.pattern) + " for " + c.database + "." + c.table);
        const auto included = selection_of({{"db.include", c.pattern}});
        ASSERT_TRUE(included);
        EXPECT_EQ(included->takes(c.database, c.table), c.matches);
        const auto excluded = selection_of({{"db.exclude", c.pattern}});
        ASSERT_TRUE(excluded);
        EXPECT_EQ(excluded->takes(c.database, c.table), !c.matches);
    }
    const auto both = selection_of({{"db.include", "shop.*"}, {"db.exclude", "cache_*,tmp"}});
    ASSERT_TRUE(both);
    EXPECT_TRUE(both->takes("shop", "orders"));
    EXPECT_FALSE(both->takes("shop", "cache_a"));
    EXPECT_FALSE(both->takes("shop", "tmp"));
    EXPECT_FALSE(both->takes("blog", "orders"));
}

TEST(Selection, RefusesWhatNamesNoTable) {
    for (const std::string bad : {"shop.", ".orders", "a,,b", "a\nb", "a\x7f"}) {
        const auto selection = selection_of({{"db.exclude", bad}});
        ASSERT_FALSE(selection) << bad;
        EXPECT_EQ(selection.error().code, Code::invalid);
        EXPECT_NE(selection.error().message.find("db.exclude"), std::string::npos);
        EXPECT_EQ(selection.error().message.find('\n'), std::string::npos);
    }
    EXPECT_FALSE(selection_of({{"db.only", "rows"}}));
}

TEST(Selection, SaysWhatAPartHolds) {
    const std::pair<std::map<std::string, std::string>, Holds> kCases[] = {
        {{}, Holds::everything},
        {{{"db.exclude", "x"}}, Holds::some_tables},
        {{{"db.only", "schema"}}, Holds::schema},
        {{{"db.only", "data"}, {"db.include", "x"}}, Holds::rows},
    };
    for (const auto& [config, holds] : kCases) {
        const auto selection = selection_of(config);
        ASSERT_TRUE(selection);
        EXPECT_EQ(holds_of(*selection), holds);
        for (const std::string name : {"shop", "accounts", "a.rows-sql", "tä b"})
            EXPECT_EQ(database_of(database_part(name, holds)), (DatabasePart{name, holds}));
    }
}

// By hand nothing may be dropped that the part does not bring back.
TEST(Recipe, DropsADatabaseForAWholePartOnly) {
    for (const auto holds : {Holds::everything, Holds::some_tables, Holds::schema, Holds::rows}) {
        const auto part = database_part("it's", holds);
        const auto text = restore_recipe(Flavour::mysql, "root", {part});
        EXPECT_EQ(text.find("DROP DATABASE") != text.npos, holds == Holds::everything) << text;
        EXPECT_NE(text.find(" <'" + part + "'\n"), text.npos) << text;
    }
}

TEST(NamesIn, AreTheTablesOfAViewAndNoTextOfIts) {
    using Names = std::vector<std::pair<std::string, std::string>>;
    EXPECT_EQ(names_in("select `i`.`id` AS `id`,(select count(0) from `shop`.`cache.x`) AS `c` "
                       "from (`shop`.`a``b` `i` join `blog`.`post`)"),
              (Names{{"i", "id"}, {"shop", "cache.x"}, {"shop", "a`b"}, {"blog", "post"}}));
    EXPECT_EQ(names_in("select '`shop`.`t` it''s \\' `shop`.`t`' AS `x` from `shop`.`u`"),
              (Names{{"shop", "u"}}));
    EXPECT_EQ(names_in("select `shop`.`v`.`id` from `shop`.`v`"),
              (Names{{"shop", "v"}, {"v", "id"}, {"shop", "v"}}));
    EXPECT_EQ(names_in("`a"), Names{});
    EXPECT_EQ(names_in("'a\\"), Names{});
    EXPECT_EQ(names_in("`a`."), Names{});
}

}  // namespace
}  // namespace bkt::mysql
