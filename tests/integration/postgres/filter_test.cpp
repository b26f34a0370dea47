// What labels leave out of a database stays out, and what is left comes back.
#include "tests/integration/postgres/postgres_box.hpp"

namespace bkt::test {
namespace {

class PostgresFilter : public ::testing::Test {
protected:
    void SetUp() override { BKT_NEED_IMAGE(kPostgresImage); }
    static constexpr const char* kSeed =
        "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE orders(id serial PRIMARY KEY, m "
        "mood); "
        "CREATE TABLE lines(id int REFERENCES orders); CREATE TABLE cache_a AS SELECT 1 i; "
        "CREATE TABLE cache_b AS SELECT 2 i; CREATE SCHEMA audit; CREATE TABLE audit.log AS SELECT "
        "3 i; "
        "INSERT INTO orders(m) VALUES ('ok'), ('sad'); INSERT INTO lines VALUES (1), (2)";
    static std::string tables(const std::string& container) {
        return PostgresBox::sql_in(
            container,
            "SELECT string_agg(relname, ',' ORDER BY relname) FROM pg_class WHERE "
            "relkind='r' AND relnamespace::regnamespace::text IN ('public','audit')",
            "shop");
    }
    Baktainer program_{PostgresBox::discovery()};
};

TEST_F(PostgresFilter, TakesASchemaButForSomeTablesWithItsTypes) {
    for (const char* parallel : {"1", "2"}) {
        PostgresBox pg({"db.include=public.*", "db.exclude=public.cache_*",
                        std::string("parallel=") + parallel});
        pg.sql(kSeed);
        const auto done = program_.run({"backup", pg.name()});
        ASSERT_EQ(done.exit_code, 0) << parallel << done.err;
        const auto restored = program_.run({"restore", pg.name()});
        ASSERT_EQ(restored.exit_code, 0) << parallel << restored.err;
        const Made made(restored);
        EXPECT_EQ(tables(made.name), "lines,orders") << parallel;
        EXPECT_EQ(PostgresBox::sql_in(made.name,
                                      "SELECT count(*) FROM lines JOIN orders USING (id)", "shop"),
                  "2");
    }
}

TEST_F(PostgresFilter, RefusesAPatternThatMatchesNothingAndHalfOfWhatBelongsTogether) {
    PostgresBox typo({"db.exclude=public.cahce_*"});
    typo.sql(kSeed);
    const auto done = program_.run({"backup", typo.name()});
    EXPECT_EQ(done.exit_code, 1);
    EXPECT_NE(done.err.find("cahce_"), std::string::npos) << done.err;
    PostgresBox half({"db.exclude=orders"});
    half.sql(kSeed);
    const auto refused = program_.run({"backup", half.name()});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_NE(refused.err.find("could not be restored"), std::string::npos) << refused.err;
    EXPECT_TRUE(program_.stored().empty());
}

TEST_F(PostgresFilter, TakesDefinitionsAloneOrRowsAlone) {
    PostgresBox pg({"job.schema.db.only=schema", "job.rows.db.only=data", "job.rows.parallel=2"});
    pg.sql(kSeed);
    ASSERT_EQ(program_.run({"backup", pg.name() + ".schema"}).exit_code, 0);
    const std::string schema = program_.ids().front();
    ASSERT_EQ(program_.run({"backup", pg.name() + ".rows"}).exit_code, 0);
    const auto both = program_.ids();  // two of one second have no order
    ASSERT_EQ(both.size(), 2u);
    const std::string rows = both[0] == schema ? both[1] : both[0];
    const auto restored = program_.run({"restore", schema});
    ASSERT_EQ(restored.exit_code, 0) << restored.err;
    const Made made(restored);
    EXPECT_EQ(tables(made.name), "cache_a,cache_b,lines,log,orders");
    const auto count = [&](const std::string& container) {
        return PostgresBox::sql_in(container, "SELECT count(*) FROM lines JOIN orders USING (id)",
                                   "shop");
    };
    EXPECT_EQ(count(made.name), "0");

    const auto over_rows =
        program_.run({"restore", schema, "--to", pg.name() + ".schema", "--confirm"});
    EXPECT_NE(over_rows.exit_code, 0) << "definitions alone replace no rows";
    EXPECT_NE(over_rows.err.find("is not empty"), std::string::npos) << over_rows.err;
    EXPECT_EQ(count(pg.name()), "2");

    const auto refused = program_.run({"restore", rows, "--to", pg.name(), "--confirm"});
    EXPECT_NE(refused.exit_code, 0) << "into tables with rows";
    EXPECT_NE(refused.err.find("is not empty"), std::string::npos) << refused.err;
    EXPECT_EQ(count(pg.name()), "2");
    pg.sql("TRUNCATE orders, lines, cache_a, cache_b, audit.log");
    const auto filled = program_.run({"restore", rows, "--to", pg.name(), "--confirm"});
    ASSERT_EQ(filled.exit_code, 0) << filled.err;
    EXPECT_EQ(count(pg.name()), "2");
}

// A restore in place drops the database, and with it what the labels left out.
TEST_F(PostgresFilter, IsNotHeededByTheSafetyBackup) {
    PostgresBox pg({"db.exclude=cache_*"});
    pg.sql(kSeed);
    ASSERT_EQ(program_.run({"backup", pg.name()}).exit_code, 0);
    const std::string first = program_.ids().front();
    const auto in_place = program_.run({"restore", first, "--to", pg.name(), "--confirm"});
    ASSERT_EQ(in_place.exit_code, 0) << in_place.err;
    EXPECT_EQ(tables(pg.name()), "lines,log,orders");
    const auto ids = program_.ids();  // two of one second have no order
    ASSERT_EQ(ids.size(), 2u);
    const std::string safety = ids[0] == first ? ids[1] : ids[0];
    const auto restored = program_.run({"restore", safety});
    ASSERT_EQ(restored.exit_code, 0) << restored.err;
    const Made made(restored);
    EXPECT_EQ(tables(made.name), "cache_a,cache_b,lines,log,orders");
}

TEST_F(PostgresFilter, BringsSubscriptionsBackSwitchedOff) {
    PostgresBox pg;
    pg.sql(
        "CREATE TABLE a(i int); CREATE SUBSCRIPTION s CONNECTION 'host=nowhere' PUBLICATION p "
        "WITH (connect = false, slot_name = 's')");
    pg.sql("ALTER SUBSCRIPTION s ENABLE");
    const auto plan = program_.run({"backup", "--dry-run", pg.name()});
    EXPECT_NE(plan.out.find("switched off"), std::string::npos) << plan.out << plan.err;
    ASSERT_EQ(program_.run({"backup", pg.name()}).exit_code, 0);
    const auto restored = program_.run({"restore", pg.name()});
    ASSERT_EQ(restored.exit_code, 0) << restored.err;
    const Made made(restored);
    EXPECT_EQ(
        PostgresBox::sql_in(made.name, "SELECT subname, subenabled FROM pg_subscription", "shop"),
        "s|f");
}

}  // namespace
}  // namespace bkt::test
