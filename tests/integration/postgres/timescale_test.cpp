// A database with TimescaleDB comes back as one: hypertables that go on making chunks, and keys that refer to them;
// into the version of the extension it came from and no other. TimescaleDB is a real one, of the edition without
// compression, continuous aggregates and jobs.
#include "tests/integration/postgres/recipe_alone.hpp"

namespace bkt::test {
namespace {

// A key that refers to a hypertable is what TimescaleDB's own instructions fail at.
constexpr const char* kSeed = R"sql(
CREATE SCHEMA "Mess ""werte""";
CREATE TABLE "Mess ""werte""".t (at timestamptz NOT NULL, id int NOT NULL, v float8, PRIMARY KEY (at, id));
SELECT create_hypertable('"Mess ""werte""".t', 'at', chunk_time_interval => interval '1 day');
CREATE INDEX ON "Mess ""werte""".t (v);
INSERT INTO "Mess ""werte""".t SELECT timestamptz '2026-01-01 00:00+00' + g * interval '1 hour', g, g / 3.0
  FROM generate_series(1, 400) g;
CREATE TABLE alarm (at timestamptz, id int, FOREIGN KEY (at, id) REFERENCES "Mess ""werte""".t (at, id));
INSERT INTO alarm SELECT at, id FROM "Mess ""werte""".t WHERE id % 10 = 0;
CREATE TABLE by_number (n bigint NOT NULL, s text);
SELECT create_hypertable('by_number', by_range('n', 1000));
INSERT INTO by_number SELECT g, repeat('x', g % 50) FROM generate_series(1, 9000) g;
CREATE TABLE plain AS SELECT generate_series(1, 1000) i;
)sql";

constexpr const char* kDigest = R"sql(
SELECT count(*), sum(v), min(at), max(at) FROM "Mess ""werte""".t;
SELECT count(*), sum(length(s)) FROM by_number; SELECT count(*) FROM alarm; SELECT sum(i) FROM plain;
SELECT hypertable_schema, hypertable_name, num_dimensions, num_chunks FROM timescaledb_information.hypertables ORDER BY 1, 2;
SELECT chunk_schema, chunk_name, range_start, range_end, range_start_integer, range_end_integer
  FROM timescaledb_information.chunks ORDER BY 1, 2;
SELECT hypertable_name, dimension_number, column_name, time_interval, integer_interval
  FROM timescaledb_information.dimensions ORDER BY 1, 2;
SELECT conrelid::regclass, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'
  AND connamespace = 'public'::regnamespace ORDER BY conrelid::regclass::text, 2;
SELECT setconfig FROM pg_db_role_setting ORDER BY 1;
)sql";

class PostgresTimescale : public ::testing::Test {
protected:
    void SetUp() override { BKT_NEED_IMAGE(kTimescaleImage); }
    // It is recognised as PostgreSQL by its variables: the lab's name is not the official image's.
    static PostgresBox box(const std::vector<std::string>& labels = {}) {
        return PostgresBox(labels, {}, kTimescaleImage);
    }
    static std::string digest(const std::string& container, const std::string& database = "shop") {
        return PostgresBox::sql_in(container, kDigest, database);
    }
    // It lives: new rows make a new chunk, and the key holds.
    static void expect_works(const std::string& container, const std::string& database = "shop") {
        const auto chunks = "SELECT count(*) FROM show_chunks('\"Mess \"\"werte\"\"\".t')";
        const auto before = std::stoi(PostgresBox::sql_in(container, chunks, database));
        PostgresBox::sql_in(container,
                            "INSERT INTO \"Mess \"\"werte\"\"\".t VALUES ('2030-01-01', 1, 1); "
                            "INSERT INTO alarm VALUES ('2030-01-01', 1)",
                            database);
        EXPECT_EQ(std::stoi(PostgresBox::sql_in(container, chunks, database)), before + 1);
        EXPECT_NE(docker({"exec", container, "psql", "-XqU", "postgres", "-d", database, "-c",
                          "INSERT INTO alarm VALUES ('2031-01-01', 1)"})
                      .exit_code,
                  0)
            << "there is no such row to refer to";
    }
    Baktainer program_{PostgresBox::discovery()};
};

TEST_F(PostgresTimescale, ComesBackInANewContainerAndInPlace) {
    for (const char* parallel : {"1", "3"}) {
        SCOPED_TRACE(parallel);
        const auto pg = box({std::string("parallel=") + parallel});
        pg.sql(kSeed);
        const auto before = digest(pg.name());
        const auto done = program_.run({"backup", pg.name()});
        ASSERT_EQ(done.exit_code, 0) << done.err;
        const auto id = program_.ids().back();
        ASSERT_EQ(program_.run({"verify", id}).exit_code, 0);
        const auto shown = program_.run({"--output", "json", "show", id}).out;
        EXPECT_NE(shown.find("timescaledb_version"), std::string::npos) << shown;

        const auto restored = program_.run({"restore", pg.name()});
        ASSERT_EQ(restored.exit_code, 0) << restored.err;
        const Made made(restored);
        EXPECT_EQ(digest(made.name), before);
        expect_works(made.name);

        pg.sql("DROP TABLE by_number; DELETE FROM alarm; CREATE TABLE later(i int)");
        const auto in_place = program_.run({"restore", id, "--to", pg.name(), "--confirm"});
        ASSERT_EQ(in_place.exit_code, 0) << in_place.err;
        EXPECT_EQ(digest(pg.name()), before);
        expect_works(pg.name());
    }
}

TEST_F(PostgresTimescale, ComesBackUnderAnotherName) {
    const auto pg = box();
    pg.sql(kSeed);
    const auto before = digest(pg.name());
    ASSERT_EQ(program_.run({"backup", pg.name()}).exit_code, 0);
    const auto copied = program_.run(
        {"restore", pg.name(), "--to", pg.name(), "--confirm", "--database", "shop:copy"});
    ASSERT_EQ(copied.exit_code, 0) << copied.err;
    EXPECT_EQ(digest(pg.name(), "copy"), before);
    expect_works(pg.name(), "copy");
    EXPECT_EQ(digest(pg.name()), before);
}

TEST_F(PostgresTimescale, ComesBackFromAnotherSchemaOfTheExtension) {
    const auto pg = box();
    for (const char* line :
         {"DROP DATABASE shop WITH (FORCE)", "CREATE DATABASE shop TEMPLATE template0"})
        PostgresBox::sql_in(pg.name(), line, "postgres");
    pg.sql("CREATE SCHEMA \"t s\"");
    pg.sql("CREATE EXTENSION timescaledb SCHEMA \"t s\"");
    pg.sql("ALTER DATABASE shop SET search_path = public, \"t s\"");
    pg.sql(kSeed);
    const auto before = digest(pg.name());
    ASSERT_EQ(program_.run({"backup", pg.name()}).exit_code, 0);
    const auto restored = program_.run({"restore", pg.name()});
    ASSERT_EQ(restored.exit_code, 0) << restored.err;
    const Made made(restored);
    EXPECT_EQ(digest(made.name), before);
    expect_works(made.name);
}

TEST_F(PostgresTimescale, RestoreTxtAloneIsEnough) {
    const auto pg = box({"parallel=2"});
    pg.sql(kSeed);
    const auto before = digest(pg.name());
    ASSERT_EQ(program_.run({"backup", pg.name()}).exit_code, 0);
    const auto fresh = box();
    restore_by_recipe(program_, fresh);
    // By hand, as the recipe says.
    fresh.sql(
        "ALTER TABLE alarm ADD FOREIGN KEY (at, id) REFERENCES \"Mess \"\"werte\"\"\".t (at, id)");
    EXPECT_EQ(digest(fresh.name()), before);
    expect_works(fresh.name());
}

TEST_F(PostgresTimescale, AServerOfAnotherVersionIsRefusedBeforeAnythingIsTouched) {
    const auto pg = box();
    pg.sql(kSeed);
    ASSERT_EQ(program_.run({"backup", pg.name()}).exit_code, 0);
    const auto id = program_.ids().back();
    pg.sql("CREATE TABLE later(i int)");
    // As if the image had been updated: other files, the extension in the database as it was.
    pg.box().must_sh(
        "cd /usr/share/postgresql/18/extension; rm -f timescaledb--*--*.sql; mv timescaledb--*.sql "
        "timescaledb--99.1.0.sql; sed -i \"s/^default_version.*/default_version = '99.1.0'/\" "
        "timescaledb.control");
    const auto refused = program_.run({"restore", id, "--to", pg.name(), "--confirm"});
    EXPECT_NE(refused.exit_code, 0) << refused.out;
    EXPECT_NE(refused.err.find("offers version 99.1.0"), std::string::npos) << refused.err;
    EXPECT_NE(refused.err.find("restore into an image with TimescaleDB"), std::string::npos)
        << refused.err;
    EXPECT_EQ(pg.sql("SELECT count(*) FROM later"), "0") << "nothing may have been touched";
}

TEST_F(PostgresTimescale, AServerWithoutItIsRefusedBeforeAnythingIsTouched) {
    BKT_NEED_IMAGE("postgres:18");
    const auto pg = box();
    pg.sql(kSeed);
    ASSERT_EQ(program_.run({"backup", pg.name()}).exit_code, 0);
    const auto id = program_.ids().back();
    const PostgresBox plain({}, {}, "postgres:18");
    plain.sql("CREATE TABLE here(i int)");
    const auto refused = program_.run({"restore", id, "--to", plain.name(), "--confirm"});
    EXPECT_NE(refused.exit_code, 0) << refused.out;
    EXPECT_NE(refused.err.find("offers no TimescaleDB"), std::string::npos) << refused.err;
    EXPECT_EQ(plain.sql("SELECT count(*) FROM here"), "0");
}

TEST_F(PostgresTimescale, PartsOfItAreNotRestoredAlone) {
    const auto pg = box();
    pg.sql(kSeed);
    const auto before = digest(pg.name());
    ASSERT_EQ(program_.run({"backup", pg.name()}).exit_code, 0);
    const auto id = program_.ids().back();
    const std::vector<std::vector<std::string>> lacking = {
        {"shop.timescaledb"}, {"shop.timescaledb", "shop.schema"}, {"shop.data-1of1"}};
    for (const auto& parts : lacking) {
        std::vector<std::string> words{"restore", id, "--to", pg.name(), "--confirm"};
        for (const auto& part : parts) words.insert(words.end(), {"--part", part});
        const auto refused = program_.run(words);
        EXPECT_NE(refused.exit_code, 0) << parts.back() << refused.out;
        EXPECT_EQ(digest(pg.name()), before) << parts.back();
    }
}

TEST_F(PostgresTimescale, WhatItsCatalogueNamesMayNotBeLeftOut) {
    const auto pg =
        box({"job.a.db.exclude=by_number", "job.b.db.exclude=_timescaledb_internal.*_1_chunk",
             "job.c.db.include=public.*", "job.d.db.only=schema", "job.e.db.only=data",
             "job.f.db.format=plain", "job.g.db.exclude=public.plain"});
    pg.sql(kSeed);
    for (const char* job : {".a", ".b", ".c", ".d", ".e", ".f"}) {
        const auto refused = program_.run({"backup", pg.name() + job});
        EXPECT_EQ(refused.exit_code, 1) << job;
        EXPECT_NE(refused.err.find("TimescaleDB"), std::string::npos) << job << refused.err;
    }
    EXPECT_TRUE(program_.stored().empty());
    ASSERT_EQ(program_.run({"backup", pg.name() + ".g"}).exit_code, 0);
    const auto restored = program_.run({"restore", program_.ids().back()});
    ASSERT_EQ(restored.exit_code, 0) << restored.err;
    const Made made(restored);
    expect_works(made.name);
    EXPECT_EQ(PostgresBox::sql_in(made.name, "SELECT to_regclass('plain') IS NULL", "shop"), "t");
}

}  // namespace
}  // namespace bkt::test
