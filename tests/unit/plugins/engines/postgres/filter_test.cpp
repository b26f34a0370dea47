// What db.include, db.exclude and db.only take of a database.
#include "plugins/engines/postgres/filter.hpp"

#include <gtest/gtest.h>

#include "baktainer/testing/fake_host.hpp"

namespace bkt::postgres {
namespace {

Result<Filter> filter_of(std::map<std::string, std::string> config) {
    testing::FakeHost host;
    host.config = std::move(config);
    testing::FakeCall fake(host.raw());
    return Filter::load(fake.call());
}

Relations shop() {
    Relations r;
    r.schemas = {"audit", "functions only", "public"};
    r.all = {{"audit", "log"},      {"public", "Käse"},   {"public", "cache_a"},
             {"public", "cache_b"}, {"public", "orders"}, {"public", "with.dot"}};
    return r;
}

struct TakenCase {
    const char* name;
    std::string include, exclude;
    std::vector<std::string> taken;
    std::vector<std::string> options;
};
const TakenCase kTaken[] = {
    {"nothing said", "", "", {"log", "Käse", "cache_a", "cache_b", "orders", "with.dot"}, {}},
    {"a schema",
     "public.*",
     "",
     {"Käse", "cache_a", "cache_b", "orders", "with.dot"},
     {"--exclude-schema=\"audit\"", "--exclude-schema=\"functions only\""}},
    {"a schema without some tables",
     "public.*",
     "public.cache_*",
     {"Käse", "orders", "with.dot"},
     {"--exclude-table=\"public\".\"cache_\"*", "--exclude-schema=\"audit\"",
      "--exclude-schema=\"functions only\""}},
    {"a table of any schema",
     "log",
     "",
     {"log"},
     {"--exclude-table=\"public\".\"Käse\"", "--exclude-table=\"public\".\"cache_a\"",
      "--exclude-table=\"public\".\"cache_b\"", "--exclude-table=\"public\".\"orders\"",
      "--exclude-table=\"public\".\"with.dot\""}},
    {"one letter",
     "",
     "public.cache_?",
     {"log", "Käse", "orders", "with.dot"},
     {"--exclude-table=\"public\".\"cache_\"?"}},
    {"a letter of two bytes",
     "",
     "public.K?se",
     {"log", "cache_a", "cache_b", "orders", "with.dot"},
     {"--exclude-table=\"public\".\"K\"?\"se\""}},
    {"no schema of two",
     "",
     "audit.*",
     {"Käse", "cache_a", "cache_b", "orders", "with.dot"},
     {"--exclude-schema=\"audit\""}},
    {"a name with a dot",
     "",
     "public.with.dot",
     {"log", "Käse", "cache_a", "cache_b", "orders"},
     {"--exclude-table=\"public\".\"with.dot\""}},
};

TEST(Filter, TakesWhatPatternsSay) {
    for (const auto& c : kTaken) {
        SCOPED_TRACE(c.name);
        const auto filter = filter_of({{"db.include", c.include}, {"db.exclude", c.exclude}});
        ASSERT_TRUE(filter) << filter.error().message;
        std::vector<std::string> taken;
        for (const auto& r : shop().all)
            if (filter->takes(r)) taken.push_back(r.name);
        EXPECT_EQ(taken, c.taken);
        EXPECT_EQ(*filter->options(shop()), c.options);
        EXPECT_TRUE(filter->check_matches({shop()}));
    }
}

TEST(Filter, QuotesWhatPgDumpWouldTakeForAPattern) {
    const auto filter = filter_of({{"db.exclude", "pu\"b.a|b$[c](d)+{e}^\\"}});
    ASSERT_TRUE(filter);
    EXPECT_EQ(*filter->options({}),
              std::vector<std::string>{"--exclude-table=\"pu\"\"b\".\"a|b$[c](d)+{e}^\\\""});
}

TEST(Filter, NamesThePatternThatMatchesNothing) {
    for (const char* key : {"db.include", "db.exclude"}) {
        const auto filter = filter_of({{key, "public.orders,public.ordres"}});
        ASSERT_TRUE(filter);
        const auto done = filter->check_matches({shop(), Relations{}});
        ASSERT_FALSE(done) << key;
        EXPECT_EQ(done.error().code, Code::not_found);
        EXPECT_NE(done.error().message.find("'public.ordres'"), std::string::npos);
        EXPECT_NE(done.error().message.find(key), std::string::npos);
    }
    const auto schema = filter_of({{"db.include", "functions only.*"}});
    EXPECT_TRUE(schema->check_matches({shop()})) << "a schema may hold no table";
}

TEST(Filter, RefusesWhatCouldNotBeRestored) {
    Relations r = shop();
    r.needs = {{{"public", "orders"}, {"audit", "log"}}};
    struct {
        const char* name;
        std::map<std::string, std::string> config;
        bool is_refused;
    } const cases[] = {
        {"both", {}, false},
        {"the one that needs", {{"db.include", "orders"}}, true},
        {"without the needed", {{"db.exclude", "audit.*"}}, true},
        {"the needed alone", {{"db.include", "log"}}, false},
        {"neither", {{"db.include", "cache_*"}}, false},
        {"rows alone", {{"db.include", "orders"}, {"db.only", "data"}}, false},
        {"definitions", {{"db.include", "orders"}, {"db.only", "schema"}}, true},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const auto filter = filter_of(c.config);
        ASSERT_TRUE(filter);
        const auto done = filter->check_needs("shop", r);
        EXPECT_EQ(!done, c.is_refused);
        if (!done) {
            EXPECT_NE(done.error().message.find("\"audit\".\"log\""), std::string::npos);
        }
    }
}

TEST(Filter, RefusesWhatIsNoPattern) {
    for (const char* wrong : {"a,,b", ".a", "a.", "a\nb"}) {
        const auto filter = filter_of({{"db.include", wrong}});
        ASSERT_FALSE(filter) << wrong;
        EXPECT_EQ(filter.error().code, Code::invalid);
    }
    EXPECT_FALSE(filter_of({{"db.only", "rows"}}));
}

// A pattern of many stars ends soon.
TEST(Filter, IsNotHeldUpByStars) {
    std::string stars;
    for (int i = 0; i < 30; ++i) stars += "a*";
    const auto filter = filter_of({{"db.include", stars + "b"}});
    ASSERT_TRUE(filter);
    EXPECT_FALSE(filter->takes({"public", std::string(63, 'a')}));
}

}  // namespace
}  // namespace bkt::postgres
