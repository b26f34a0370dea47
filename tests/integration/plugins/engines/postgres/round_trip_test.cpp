#include <cstdlib>
#include <thread>

#include "plugins/engines/postgres/settings.hpp"
#include "tests/integration/plugins/engines/postgres/fixture.hpp"

namespace bkt::postgres {
namespace {

using test::said;

struct RoundTrip : PostgresTest, ::testing::WithParamInterface<const char*> {
    void SetUp() override {
        PostgresTest::SetUp();
        if (IsSkipped()) return;
        bench.host.config["db.format"] = GetParam();
    }
    std::string part(const std::string& stem) const {
        return stem + (std::string(GetParam()) == "custom" ? ".dump" : ".sql");
    }
    testing::MemoryPlan plan;
    testing::MemoryPartsOut parts{plan};
};
INSTANTIATE_TEST_SUITE_P(Format, RoundTrip, ::testing::Values("custom", "plain"),
                         [](const auto& format) { return std::string(format.param); });

TEST_P(RoundTrip, BringsARealDatabaseToAnotherServerIdentically) {
    make_shop();
    bench.host.config["db.name"] = "shop";
    dump_ok(plan, parts);
    EXPECT_EQ(plan.parts.size(), 2u);
    EXPECT_GT(plan.parts.at(part("shop")).estimate_bytes, 100'000u);
    EXPECT_EQ(plan.consistency, BKT_CONSISTENCY_TRANSACTIONAL);
    EXPECT_TRUE(parts.facts.contains("server_version"));
    EXPECT_TRUE(parts.facts.contains("tool_version"));

    const test::PostgresServer other;
    connect(bench, other);
    ASSERT_EQ(said(bench.restore(testing::MemoryPartsIn(parts))), "ok");
    expect_same(other.content("shop"), server->content("shop"));
    EXPECT_EQ(other.roles(), server->roles());
}

TEST_P(RoundTrip, FillsTheEmptyDatabaseAnImageIsBornWith) {
    make_shop();
    bench.host.config["db.name"] = "shop";
    dump_ok(plan, parts);
    const test::PostgresServer other;
    other.sql("postgres", "CREATE DATABASE shop");
    connect(bench, other);
    ASSERT_EQ(said(bench.restore(testing::MemoryPartsIn(parts))), "ok");
    expect_same(other.content("shop"), server->content("shop"));
}

TEST_P(RoundTrip, TakesEveryDatabaseWhateverItsName) {
    for (const auto& name : kHostileNames) {
        std::string quoted;
        for (const char c : name) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
        server->sql("postgres", "CREATE DATABASE \"" + quoted + "\"");
    }
    std::size_t n = 0;
    for (const auto& name : kHostileNames) {
        Call c = bench.call.call();
        ASSERT_EQ(
            said(Tools::create(c, *Settings::load(c))
                     ->script(name, "CREATE TABLE t AS SELECT " + std::to_string(++n) + " AS n;\n",
                              {})),
            "ok");
    }
    bench.host.config["db.name"] = "*";
    dump_ok(plan, parts);
    EXPECT_EQ(plan.parts.size(), kHostileNames.size() + 2);  // globals, postgres

    const test::PostgresServer other;
    connect(bench, other);
    ASSERT_EQ(said(bench.restore(testing::MemoryPartsIn(parts))), "ok");
    n = 0;
    for (const auto& name : kHostileNames) {
        Call c = bench.call.call();
        const auto answer = Tools::create(c, *Settings::load(c))->query(name, "SELECT n FROM t");
        ASSERT_TRUE(answer) << name;
        EXPECT_EQ(*answer, std::vector<std::string>{std::to_string(++n)}) << name;
    }
    EXPECT_FALSE(std::filesystem::exists("pwned"));
}

TEST_P(RoundTrip, NeverTouchesADatabaseThatHoldsAnything) {
    make_shop();
    bench.host.config["db.name"] = "shop";
    dump_ok(plan, parts);
    server->sql("shop", "DELETE FROM many_1");
    const std::string before = server->content("shop");
    const Status done = bench.restore(testing::MemoryPartsIn(parts));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::exists);
    expect_same(server->content("shop"), before);
}

TEST_P(RoundTrip, ReplacesADatabaseInPlaceThoughItIsInUse) {
    make_shop();
    bench.host.config["db.name"] = "shop";
    const std::string before = server->content("shop");
    dump_ok(plan, parts);
    server->sql(
        "shop",
        "DROP TABLE \"größe\".\"Bestellung\" CASCADE; CREATE TABLE extra(); DELETE FROM many_1");
    std::thread application([&] {
        std::system(("PGHOST=" + server->dir() + " PGPORT=" + server->port() +
                     " psql -U postgres -d shop -c 'SELECT pg_sleep(60)' >/dev/null 2>&1")
                        .c_str());
    });
    bench.host.config["restore.clean"] = "true";
    EXPECT_EQ(said(bench.restore(testing::MemoryPartsIn(parts))), "ok");
    application.join();
    expect_same(server->content("shop"), before);
}

TEST_P(RoundTrip, GoesToAnotherNameBesideTheOriginal) {
    make_shop();
    bench.host.config["db.name"] = "shop";
    dump_ok(plan, parts);
    bench.host.config["restore.database"] = "shop 'copy'";
    ASSERT_EQ(said(bench.restore(testing::MemoryPartsIn(parts))), "ok");
    const std::string rows =
        "SELECT count(*), sum(id), (SELECT pg_encoding_to_char(encoding) FROM pg_database"
        " WHERE datname = current_database()) FROM \"größe\".\"Bestellung\"";
    Call c = bench.call.call();
    const auto tools = Tools::create(c, *Settings::load(c));
    EXPECT_EQ(*tools->query("shop 'copy'", rows), *tools->query("shop", rows));
}

TEST_P(RoundTrip, LeavesNoHalfDatabaseWhenTheStoreFails) {
    make_shop();
    bench.host.config["db.name"] = "shop";
    dump_ok(plan, parts);
    const test::PostgresServer other;
    connect(bench, other);
    testing::MemoryPartsIn in(parts);
    in.fail_at_byte[part("shop")] = parts.text(part("shop")).size() - 100;
    EXPECT_EQ(bench.restore(in).error().code, Code::unavailable);
    EXPECT_EQ(other.sql("postgres", "SELECT datname FROM pg_database WHERE datname = 'shop'"), "");
}

TEST_P(RoundTrip, FollowsTheRecipeToTheLetter) {
    make_shop();
    bench.host.config["db.name"] = "shop,postgres";
    server->sql("postgres", "CREATE TABLE also_here AS SELECT 7 AS n");
    dump_ok(plan, parts);
    std::vector<std::string> names;
    const test::PostgresServer other;
    for (const auto& [name, p] : parts.parts) {
        names.push_back(name);
        std::ofstream(other.dir() + "/" + name, std::ios::binary) << parts.text(name);
    }
    Call c = bench.call.call();
    const auto recipe = bench.engine().recipe(c, names);
    ASSERT_TRUE(recipe);
    std::ofstream(other.dir() + "/recipe.sh") << *recipe;
    other.shell("sh -e ./recipe.sh");
    expect_same(other.content("shop"), server->content("shop"));
    expect_same(other.content("postgres"), server->content("postgres"));
    EXPECT_EQ(other.roles(), server->roles());
}

TEST_P(RoundTrip, WaitsForAServerThatIsNotUpYet) {
    make_shop();
    bench.host.config["db.name"] = "shop";
    dump_ok(plan, parts);
    test::PostgresServer late("trust", false);
    connect(bench, late);
    std::thread starter([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(700));
        // As an official image does: a first server on the socket only, then the real one.
        late.start("-c listen_addresses=");
        std::this_thread::sleep_for(std::chrono::milliseconds(1500));
        late.stop();
        late.start();
    });
    const Status done = bench.restore(testing::MemoryPartsIn(parts));
    starter.join();
    ASSERT_EQ(said(done), "ok");
    expect_same(late.content("shop"), server->content("shop"));
}

}  // namespace
}  // namespace bkt::postgres
