// fixture.hpp: the postgres engine against a real server of this machine; skipped where there is none.
#pragma once

#include <gtest/gtest.h>

#include "plugins/engines/postgres/postgres_engine.hpp"
#include "tests/support/engine_bench.hpp"
#include "tests/support/postgres_server.hpp"

namespace bkt::postgres {

// Names that would be options, connection strings, SQL or shell words if anything let them.
inline const std::vector<std::string> kHostileNames = {
    "-f",
    "--help",
    "a=b host=/nowhere",
    "postgres://nowhere/x",
    "it's \"quoted\" \\",
    "$(touch pwned);`id`",
    "täbelé 数",
    "globals",
};

class PostgresTest : public ::testing::Test {
protected:
    using Bench = test::EngineBench<PostgresEngine>;

    void SetUp() override {
        if (test::PostgresServer::bin_dir().empty())
            GTEST_SKIP()
                << "SKIPPED: no initdb below /usr/lib/postgresql: apt-get install postgresql";
        server = std::make_unique<test::PostgresServer>();
        connect(bench, *server);
    }

    static void connect(Bench& b, const test::PostgresServer& s) {
        b.tool_env = s.environment();
        // What a container's environment holds.
        b.tool_env.push_back("PGDATABASE=nonsense");
    }

    // A schema with what real ones have; fills database `name`.
    void make_shop(const std::string& name = "shop") {
        server->sql("postgres",
                    "CREATE ROLE \"Ärger\" LOGIN PASSWORD 'geheim''s'; CREATE ROLE readers;"
                    "GRANT readers TO \"Ärger\"; CREATE DATABASE " +
                        name +
                        " OWNER \"Ärger\" TEMPLATE template0"
                        " ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C';"
                        "ALTER DATABASE " +
                        name + " SET work_mem TO '5MB'; COMMENT ON DATABASE " + name +
                        " IS 'x';"
                        "REVOKE CONNECT ON DATABASE " +
                        name + " FROM PUBLIC; GRANT CONNECT ON DATABASE " + name + " TO readers;");
        server->sql(name, R"sql(
            CREATE EXTENSION pgcrypto; CREATE EXTENSION hstore;
            CREATE SCHEMA "größe";
            CREATE TYPE mood AS ENUM ('gut', 'schlecht');
            CREATE TABLE customer(id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text UNIQUE NOT NULL,
                                  m mood DEFAULT 'gut', CHECK (length(name) > 0));
            CREATE TABLE "größe"."Bestellung"(id bigserial PRIMARY KEY, customer int REFERENCES customer,
                                  at timestamptz, tags hstore) PARTITION BY RANGE (id);
            CREATE TABLE "größe".b1 PARTITION OF "größe"."Bestellung" FOR VALUES FROM (0) TO (1000);
            CREATE TABLE "größe".b2 PARTITION OF "größe"."Bestellung" DEFAULT;
            INSERT INTO customer(name) SELECT 'Kunde ' || g FROM generate_series(1, 200) g;
            INSERT INTO "größe"."Bestellung"(customer, at, tags)
                SELECT 1 + g % 200, '2026-01-01'::timestamptz + g * interval '1 h', hstore('n', g::text)
                FROM generate_series(1, 3000) g;
            CREATE VIEW open_orders AS SELECT * FROM "größe"."Bestellung" WHERE id > 10;
            CREATE MATERIALIZED VIEW counts AS SELECT customer, count(*) FROM "größe"."Bestellung" GROUP BY 1;
            CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    -- the marker's own words:
--
-- PostgreSQL database dump complete
--

                    RETURN NEW; END $$;
            CREATE TRIGGER t BEFORE UPDATE ON customer FOR EACH ROW EXECUTE FUNCTION touch();
            GRANT SELECT ON customer TO readers;
            ALTER TABLE customer ENABLE ROW LEVEL SECURITY;
            CREATE POLICY p ON customer TO readers USING (id > 5);
            SELECT lo_from_bytea(4100000000::oid, 'hello'), lo_from_bytea(0, decode(repeat('00ff', 50000), 'hex'));
        )sql");
        for (int i = 0; i < 50; ++i)
            sixty_tables_ += "CREATE TABLE many_" + std::to_string(i) +
                             "(x int PRIMARY KEY); INSERT INTO many_" + std::to_string(i) +
                             " SELECT generate_series(1, 5);";
        server->sql(name, sixty_tables_);
    }

    // Dumps what the config asks for; every part must pass its validator.
    void dump_ok(testing::MemoryPlan& plan, testing::MemoryPartsOut& parts) {
        ASSERT_EQ(test::said(bench.plan(plan)), "ok");
        ASSERT_EQ(test::said(bench.dump(plan, parts)), "ok");
        EXPECT_TRUE(parts.complete());
        EXPECT_TRUE(plan.violations.empty());
        for (const auto& [name, planned] : plan.parts)
            EXPECT_EQ(test::said(bench.validate(name, planned.media_type, parts.text(name))), "ok")
                << name;
        bench.reopen();
    }

    // Texts of thousands of lines: shows where they part, not all of both.
    static void expect_same(const std::string& a, const std::string& b) {
        if (a == b) return;
        const auto at = static_cast<std::size_t>(
            std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
        const auto from = at < 200 ? 0 : at - 200;
        ADD_FAILURE() << "at byte " << at << ":\n"
                      << a.substr(from, 400) << "\n--- is not ---\n"
                      << b.substr(from, 400);
    }

    std::unique_ptr<test::PostgresServer> server;
    Bench bench;

private:
    std::string sixty_tables_;
};

}  // namespace bkt::postgres
