// Several dump tools at once share one moment, and what they made comes back as one database.
#include <atomic>

#include "tests/integration/postgres/realistic_schema.hpp"

namespace bkt::test {
namespace {

class PostgresParallel : public ::testing::Test {
protected:
    void SetUp() override { BKT_NEED_IMAGE(kPostgresImage); }
    unsigned stored(std::string_view end) {
        unsigned n = 0;
        for (const auto& file : program_.stored()) n += file.ends_with(end);
        return n;
    }
    // The session that keeps the snapshot, by what it said last: a tool may be idle for a moment too.
    static constexpr const char* kKeeper =
        "pg_stat_activity WHERE application_name = 'baktainer' AND state = 'idle in transaction' "
        "AND (query LIKE '%pg_export_snapshot%' OR query LIKE 'SET LOCAL statement_timeout%')";
    // Once the snapshot's keeper holds its locks.
    static bool holds_locks(const PostgresBox& pg) {
        for (int i = 0; i < 200; ++i, std::this_thread::sleep_for(std::chrono::milliseconds(50)))
            if (pg.sql(std::string("SELECT count(*) FROM ") + kKeeper) != "0" &&
                tools_in(pg) != "0")
                return true;
        return false;
    }
    static std::string tools_in(const PostgresBox& pg) {
        return pg.sql(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'baktainer' AND "
            "query LIKE 'COPY%'");
    }
    Baktainer program_{PostgresBox::discovery()};
};

TEST_F(PostgresParallel, ComesBackIdenticalInANewContainerAndInPlace) {
    PostgresBox pg({"parallel=3"});
    pg.sql(kRealisticSchema);
    const auto before = everything_in(pg.name(), "shop");
    const auto done = program_.run({"backup", pg.name()});
    ASSERT_EQ(done.exit_code, 0) << done.err;
    EXPECT_EQ(stored("shop.schema.zst"), 1u);
    for (const char* part : {"data-1of3.zst", "data-2of3.zst", "data-3of3.zst"})
        EXPECT_EQ(stored(part), 1u) << part;
    ASSERT_EQ(program_.run({"verify", pg.name()}).exit_code, 0);

    const auto restored = program_.run({"restore", pg.name()});
    ASSERT_EQ(restored.exit_code, 0) << restored.err;
    const Made made(restored);
    EXPECT_EQ(everything_in(made.name, "shop"), before);

    pg.sql("DROP TABLE t7; UPDATE t8 SET s='changed'; CREATE TABLE later(id int)");
    const auto id = program_.ids().back();
    const auto in_place = program_.run({"restore", id, "--to", pg.name(), "--confirm"});
    ASSERT_EQ(in_place.exit_code, 0) << in_place.err;
    EXPECT_EQ(everything_in(pg.name(), "shop"), before);
}

// Money moves between two tables that different tools dump; a table is made while they run.
TEST_F(PostgresParallel, IsOneMomentWhileOthersWrite) {
    PostgresBox pg({"parallel=4"});
    pg.sql(
        "CREATE TABLE a AS SELECT g AS id, 100 AS v, repeat('x', 500) AS pad FROM "
        "generate_series(1,30000) g; "
        "CREATE TABLE b AS SELECT * FROM a; CREATE TABLE c AS SELECT * FROM a; CREATE TABLE d AS "
        "SELECT * FROM a; "
        "CREATE INDEX ON a(id); CREATE INDEX ON b(id); CREATE INDEX ON c(id); CREATE INDEX ON "
        "d(id)");
    std::atomic<bool> stop = false;
    std::thread writer([&] {
        while (!stop)
            pg.sql(
                "DO $$ BEGIN FOR i IN 1..50 LOOP UPDATE a SET v=v-7 WHERE id=i; UPDATE b SET v=v+3 "
                "WHERE id=i; "
                "UPDATE c SET v=v+3 WHERE id=i; UPDATE d SET v=v+1 WHERE id=i; END LOOP; END $$");
    });
    const auto done = program_.run({"backup", pg.name()});
    stop = true;
    writer.join();
    ASSERT_EQ(done.exit_code, 0) << done.err;
    const auto restored = program_.run({"restore", pg.name()});
    ASSERT_EQ(restored.exit_code, 0) << restored.err;
    const Made made(restored);
    EXPECT_EQ(
        PostgresBox::sql_in(made.name,
                            "SELECT (SELECT sum(v) FROM a)+(SELECT sum(v) FROM b)+(SELECT sum(v) "
                            "FROM c)+(SELECT sum(v) FROM d)",
                            "shop"),
        "12000000");
}

// A snapshot does not protect against TRUNCATE: a lock does.
TEST_F(PostgresParallel, MakesTruncateWait) {
    PostgresBox pg({"parallel=2", "limit-rate=6MiB", "compress=none"});
    pg.sql(kFiller);
    pg.sql(
        "CREATE TABLE last AS SELECT 1 AS i; CREATE TABLE more AS SELECT * FROM filler LIMIT 1000");
    const auto running = program_.start({"backup", pg.name()});
    ASSERT_TRUE(holds_locks(pg)) << "the dump did not begin";
    EXPECT_NE(docker({"exec", pg.name(), "psql", "-XqU", "postgres", "-d", "shop", "-c",
                      "SET lock_timeout = 500; TRUNCATE last"})
                  .exit_code,
              0);
    const auto ended = running->wait();
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    pg.sql("SET lock_timeout = 5000; TRUNCATE last");
}

TEST_F(PostgresParallel, EndsAllToolsWhenTheirServerGoes) {
    PostgresBox pg({"parallel=3", "limit-rate=3MiB", "compress=none"});
    pg.sql(kFiller);
    pg.sql("CREATE TABLE f2 AS SELECT * FROM filler; CREATE TABLE f3 AS SELECT * FROM filler");
    const auto running = program_.start({"backup", pg.name()});
    ASSERT_TRUE(holds_locks(pg)) << "the dump did not begin";
    pg.sql(std::string("SELECT pg_terminate_backend(pid) FROM ") + kKeeper);
    const auto ended = running->wait();
    EXPECT_EQ(ended.exit_code, 1) << ended.out << ended.err;
    EXPECT_NE(ended.err.find("snapshot"), std::string::npos) << ended.err;
    EXPECT_TRUE(program_.stored().empty()) << program_.stored().front();
    for (int i = 0; i < 100 && tools_in(pg) != "0"; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(50));  // their ends are not told
    EXPECT_EQ(tools_in(pg), "0");
}

// The session that keeps the snapshot cannot lock what its role may not read, and it alone knows why.
TEST_F(PostgresParallel, SaysThatItMayNotReadATable) {
    PostgresBox pg({"parallel=3", "db.user=weak"});
    pg.sql(
        "CREATE ROLE weak LOGIN; CREATE TABLE a AS SELECT 1 i; CREATE TABLE b AS SELECT 2 i; "
        "GRANT SELECT ON b TO weak");
    const auto ended = program_.run({"backup", pg.name()});
    EXPECT_EQ(ended.exit_code, 1) << ended.out << ended.err;
    EXPECT_NE(ended.err.find("permission denied"), std::string::npos) << ended.err;
    EXPECT_TRUE(program_.stored().empty()) << program_.stored().front();
}

TEST_F(PostgresParallel, RefusesARestoreThatLacksRows) {
    PostgresBox pg({"parallel=2"});
    pg.sql("CREATE TABLE a AS SELECT generate_series(1,1000) i; CREATE TABLE b AS SELECT * FROM a");
    ASSERT_EQ(program_.run({"backup", pg.name()}).exit_code, 0);
    const auto id = program_.ids().back();
    ASSERT_EQ(stored("data-2of2.zst"), 1u);
    const auto lacking =
        program_.run({"restore", id, "--to", pg.name(), "--confirm", "--part", "shop.data-1of2"});
    EXPECT_NE(lacking.exit_code, 0);
    EXPECT_NE(lacking.err.find("shop.data-2of2"), std::string::npos) << lacking.err;
    EXPECT_EQ(pg.sql("SELECT (SELECT count(*) FROM a) + (SELECT count(*) FROM b)"), "2000");
}

}  // namespace
}  // namespace bkt::test
