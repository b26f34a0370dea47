// tests/integration/postgres/realistic_schema.hpp: a database with what real ones have, and a text that
// says everything in it, for comparing two of them.
#pragma once

#include <string>

#include "tests/integration/postgres/postgres_box.hpp"

namespace bkt::test {

inline constexpr const char* kRealisticSchema = R"(
CREATE ROLE reader NOLOGIN;
CREATE ROLE app LOGIN PASSWORD 'app-pw';
CREATE EXTENSION IF NOT EXISTS pgcrypto;
CREATE SCHEMA "Büro";
CREATE SEQUENCE invoice_no START 1000 INCREMENT 5;
CREATE TYPE mood AS ENUM ('sad','ok','happy');
CREATE TABLE customer(id serial PRIMARY KEY, email text NOT NULL UNIQUE, born date CHECK (born < '2100-01-01'), m mood DEFAULT 'ok');
CREATE TABLE "Büro"."Rechnung Nr. 1"(no int PRIMARY KEY DEFAULT nextval('invoice_no'), "Kunde id" int REFERENCES customer(id) ON DELETE CASCADE, total numeric(12,2) CHECK (total >= 0), "größe" text);
CREATE INDEX ON customer(lower(email));
CREATE VIEW rich AS SELECT c.email, sum(r.total) s FROM customer c JOIN "Büro"."Rechnung Nr. 1" r ON r."Kunde id"=c.id GROUP BY 1;
CREATE MATERIALIZED VIEW mrich AS SELECT count(*) n FROM customer WITH NO DATA;
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN NEW.email := lower(NEW.email); RETURN NEW; END $f$;
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON customer FOR EACH ROW EXECUTE FUNCTION stamp();
CREATE TABLE measure(at timestamptz NOT NULL, v double precision, doc jsonb, raw bytea) PARTITION BY RANGE (at);
CREATE TABLE measure_2025 PARTITION OF measure FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE measure_2026 PARTITION OF measure FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
DO $d$ BEGIN FOR i IN 1..50 LOOP EXECUTE format('CREATE TABLE t%s(id int PRIMARY KEY, s text, n numeric)', i);
  EXECUTE format('INSERT INTO t%s SELECT g, repeat(chr(65+g%%26), g%%50), g/7.0 FROM generate_series(1,%s) g', i, i*10); END LOOP; END $d$;
INSERT INTO customer(email, born, m) SELECT 'User'||g||'@exämple.org', date '1970-01-01'+g, (ARRAY['sad','ok','happy']::mood[])[1+g%3] FROM generate_series(1,1000) g;
INSERT INTO "Büro"."Rechnung Nr. 1"("Kunde id", total, "größe") SELECT 1+g%1000, g*1.25, E'tab\there \\ "quote" ''apos'' Ω'||g FROM generate_series(1,3000) g;
INSERT INTO measure SELECT timestamptz '2025-06-01 00:00+00' + g*interval '3 hours', sin(g), jsonb_build_object('g',g,'ü',null), decode(md5(g::text),'hex') FROM generate_series(1,4000) g;
SELECT lo_from_bytea(4711, decode(repeat('00ff10',50000),'hex'));
SELECT lo_from_bytea(4712, '');
GRANT SELECT ON customer, rich TO reader; GRANT USAGE ON SCHEMA "Büro" TO reader; GRANT reader TO app;
GRANT SELECT ON LARGE OBJECT 4711 TO reader;
ALTER TABLE customer OWNER TO app;
COMMENT ON TABLE customer IS 'who pays; -- PostgreSQL database dump complete';
INSERT INTO t1 VALUES (100000, E'\n--\n-- PostgreSQL database dump complete\n--\n', 0);
)";

// Schema as pg_dump says it, every table's rows, every large object, sequences, roles and grants.
inline std::string everything_in(const std::string& container, const std::string& database) {
    const auto sql = [&](const std::string& text) {
        return PostgresBox::sql_in(container, text, database);
    };
    std::string all = must_docker({"exec", container, "sh", "-c",
                                   "pg_dump -U postgres --schema-only -d " + database +
                                       " | grep -v '^\\\\\\(un\\)\\?restrict'"});
    all += sql(
        "SELECT rolname, rolcanlogin, rolsuper FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY 1");
    all +=
        sql("SELECT r.rolname, m.rolname FROM pg_auth_members a JOIN pg_roles r ON r.oid=a.roleid "
            "JOIN pg_roles m ON m.oid=a.member WHERE m.rolname !~ '^pg_' ORDER BY 1,2");
    all += sql("SELECT rolname, rolpassword FROM pg_authid WHERE rolname='app'");
    all +=
        sql("SELECT oid, lomowner::regrole, md5(lo_get(oid)), lomacl::text FROM "
            "pg_largeobject_metadata ORDER BY 1");
    all += sql("SELECT schemaname, sequencename, last_value FROM pg_sequences ORDER BY 1,2");
    // One query builds the query that hashes every table's rows in a fixed order.
    const auto tables = sql(
        "SELECT string_agg(format('SELECT %L, count(*), coalesce(md5(string_agg(t::text, chr(10) "
        "ORDER BY t::text)),%L) FROM %I.%I t', n.nspname||'.'||c.relname, '', n.nspname, "
        "c.relname), ' UNION ALL ' ORDER BY n.nspname, c.relname) FROM pg_class c JOIN "
        "pg_namespace "
        "n ON n.oid=c.relnamespace WHERE c.relkind='r' AND n.nspname NOT IN "
        "('pg_catalog','information_schema')");
    return all + sql(tables + " ORDER BY 1");
}

}  // namespace bkt::test
