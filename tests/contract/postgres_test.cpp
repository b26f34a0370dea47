// PostgreSQL under the engine contract suite.
#include "baktainer/testing/engine_contract/suite.hpp"

namespace bkt::testing {
namespace {

constexpr const char* kPassword = "s3cr3t'\"$PW-Pässwörd";

// Odd names, large objects, roles, sequences, generated and identity columns, a partitioned table, views.
constexpr const char* kSeed = R"sh(
export PGUSER=postgres PGOPTIONS='--client-min-messages=warning'
createdb "Käse \"und\" 'Brot' \$(x); -f"
createdb -- "-dash d"
psql -Xqv ON_ERROR_STOP=1 -d shop <<'SQL'
CREATE ROLE app LOGIN PASSWORD 'app-pw'; CREATE ROLE readers;
GRANT readers TO app;
CREATE SCHEMA "Größe ""1""";
CREATE TABLE "Größe ""1"".t" (x int);
CREATE TABLE "Größe ""1"""."ta'ble" (id int PRIMARY KEY, "sp ace" text DEFAULT 'grüße 😀', b bytea,
  n numeric(20,6), at timestamptz, j jsonb, a int[], g int GENERATED ALWAYS AS (id * 2) STORED);
INSERT INTO "Größe ""1"""."ta'ble" (id, b, n, at, j, a)
  SELECT g, decode(md5(g::text), 'hex'), g / 7.0, '2026-01-01'::timestamptz + g * interval '1 s',
    jsonb_build_object('k', g, 'ü', null), ARRAY[g, NULL, -g] FROM generate_series(1, 5000) g;
CREATE TABLE parted (id int, day date) PARTITION BY RANGE (day);
CREATE TABLE parted_a PARTITION OF parted FOR VALUES FROM ('2026-01-01') TO ('2026-07-01');
CREATE TABLE parted_b PARTITION OF parted DEFAULT;
INSERT INTO parted SELECT g, '2026-01-01'::date + g FROM generate_series(1, 400) g;
CREATE TABLE child (id int GENERATED ALWAYS AS IDENTITY, t int REFERENCES "Größe ""1"""."ta'ble");
INSERT INTO child (t) SELECT g FROM generate_series(1, 100) g;
CREATE SEQUENCE s START 77 INCREMENT 3; SELECT nextval('s'), nextval('s') \g /dev/null
CREATE VIEW v AS SELECT id, "sp ace" FROM "Größe ""1"""."ta'ble";
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT $1 + 1';
SELECT lo_from_bytea(4711, convert_to(repeat('large', 10000), 'UTF8')) \g /dev/null
GRANT SELECT ON v TO readers;
SQL
psql -Xqv ON_ERROR_STOP=1 -d "-dash d" -c "CREATE TABLE here AS SELECT g FROM generate_series(1, 9) g"
)sh";

// Every row of every table, the sequences, the large objects and the roles.
constexpr const char* kDigest = R"sh(
export PGUSER=postgres
psql -XAtd postgres -c "SELECT rolname, rolcanlogin, rolpassword IS NULL FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY 1"
psql -XAtd postgres -c "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname IN ('postgres', 'shop') ORDER BY 1"
psql -XAtqd shop <<'SQL'
SELECT format('SELECT %L, count(*), md5(string_agg(t::text, ''|'' ORDER BY t::text COLLATE "C")) FROM %I.%I t',
  n.nspname || '.' || c.relname, n.nspname, c.relname)
  FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
  WHERE relkind IN ('r', 'p', 'v') AND nspname !~ '^pg_|information_schema|^_?timescaledb' ORDER BY n.nspname COLLATE "C", relname COLLATE "C" \gexec
SELECT sequencename, last_value FROM pg_sequences ORDER BY 1;
SELECT loid, md5(string_agg(data, '' ORDER BY pageno)) FROM pg_largeobject GROUP BY 1 ORDER BY 1;
SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1;
SQL
)sh";

EngineSubject postgres(const std::string& version) {
    EngineSubject s;
    s.name = "postgres_" + version;
    s.engine = "postgres";
    s.image = "postgres:" + version;
    s.options = {"-e",         std::string("POSTGRES_PASSWORD=") + kPassword,
                 "-e",         "POSTGRES_DB=shop",
                 "--hostname", "pgbox"};
    s.password = kPassword;
    s.ready = "pg_isready -qh 127.0.0.1 -U postgres";
    s.seed = kSeed;
    s.digest = kDigest;
    s.change =
        "psql -Xqv ON_ERROR_STOP=1 -U postgres -d shop -c 'DROP TABLE child' -c \"UPDATE parted "
        "SET id = -1 WHERE id = 7\" -c 'CREATE TABLE later AS SELECT 1 AS x'";
    s.fill =
        "psql -Xqv ON_ERROR_STOP=1 -U postgres -d shop -c \"CREATE TABLE filler AS SELECT g AS id, "
        "md5(g::text)||md5((g*7)::text)||md5((g*13)::text) AS h FROM generate_series(1, $SIZE_MB * "
        "10000) g\"";
    s.weigh =
        "psql -XAtU postgres -d shop -c \"SELECT count(*), sum(id), sum(('x' || left(md5(h), "
        "8))::bit(32)::bigint) FROM filler\"";
    s.accounts =
        "psql -Xqv ON_ERROR_STOP=1 -U postgres -d shop -c 'CREATE TABLE acc AS SELECT g AS id, 100 "
        "AS v FROM generate_series(1, 1000) g' -c 'ALTER TABLE acc ADD PRIMARY KEY (id)'";
    s.transfer =
        "while :; do echo 'BEGIN; UPDATE acc SET v = v - 5 WHERE id = 1; UPDATE acc SET v = v + 5 "
        "WHERE id = 1000; COMMIT;'; done | psql -Xqv ON_ERROR_STOP=1 -U postgres -d shop";
    s.sum = "psql -XAtU postgres -d shop -c 'SELECT sum(v) FROM acc'";
    // Only over the container's own address is a password asked for.
    s.wrong_password = {"db.host=pgbox", "db.password=wrong-pässwörd"};
    s.hide_tools = "p=$(readlink -f \"$(command -v pg_dump)\"); mv \"$p\" \"$p.gone\"";
    s.weak_login =
        "psql -Xqv ON_ERROR_STOP=1 -U postgres -d shop -c 'CREATE ROLE weak LOGIN' -c 'GRANT "
        "SELECT ON parted TO weak'";
    s.weak_labels = {"db.user=weak"};
    s.plugin = std::string(ENGINE_PLUGINS) + "/baktainer.engine.postgres/libengine_postgres.so";
    return s;
}

// The same and hypertables, in the edition of TimescaleDB without compression. By two tools at once.
EngineSubject timescale() {
    auto s = postgres("18");
    s.name = "timescaledb_18";
    s.image = "lab/timescaledb:18";
    s.labels = {"parallel=2"};
    s.seed += R"sh(
psql -Xqv ON_ERROR_STOP=1 -d shop >/dev/null <<'SQL'
CREATE TABLE "Mess ""werte""" (at timestamptz NOT NULL, id int NOT NULL, v float8, PRIMARY KEY (at, id));
SELECT create_hypertable('"Mess ""werte"""', 'at', chunk_time_interval => interval '1 day');
INSERT INTO "Mess ""werte""" SELECT '2026-01-01Z'::timestamptz + g * interval '1 h', g, g / 3.0 FROM generate_series(1, 400) g;
CREATE TABLE alarm (at timestamptz, id int, FOREIGN KEY (at, id) REFERENCES "Mess ""werte""");
INSERT INTO alarm SELECT at, id FROM "Mess ""werte""" WHERE id % 10 = 0;
SQL
)sh";
    s.digest += R"sh(
psql -XAtqd shop <<'SQL'
SELECT hypertable_schema, hypertable_name, num_dimensions, num_chunks FROM timescaledb_information.hypertables ORDER BY 1, 2;
SELECT chunk_schema, chunk_name, range_start, range_end FROM timescaledb_information.chunks ORDER BY 1, 2;
SELECT conrelid::regclass, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'
  AND connamespace::regnamespace::text !~ '^_timescaledb' ORDER BY conrelid::regclass::text COLLATE "C", 2;
SQL
)sh";
    s.change += R"sh( -c "INSERT INTO \"Mess \"\"werte\"\"\" VALUES ('2030-01-01', 1, 1)")sh";
    return s;
}

// The tools of the image, but in a container beside the server.
EngineSubject sidecar(const std::string& version) {
    auto s = postgres(version);
    s.name += "_sidecar";
    s.labels = {"mode=sidecar"};
    s.hide_tools.clear();  // the image still has them
    return s;
}

// The tools of this machine, over the network. A new server is restored into by its own tools.
EngineSubject remote(const std::string& version) {
    auto s = postgres(version);
    s.name += "_remote";
    s.labels = {"mode=remote"};
    s.hide_tools.clear();
    // Over its address the server does ask for a password.
    s.wrong_password = {"db.password=wrong-pässwörd"};
    s.weak_login += " -c \"ALTER ROLE weak PASSWORD 'weak'\"";
    s.weak_labels = {"db.user=weak", "db.password=weak"};
    return s;
}

std::vector<EngineSubject> in_modes() {
    if (!whole_matrix()) return {};
    return {sidecar("15"), remote("15"), timescale()};
}

INSTANTIATE_TEST_SUITE_P(PostgresModes, EngineContract, ::testing::ValuesIn(in_modes()),
                         subject_name);
INSTANTIATE_TEST_SUITE_P(Postgres, EngineContract,
                         ::testing::ValuesIn(matrix(postgres, {"15"}, {"13", "16", "17", "18"})),
                         subject_name);

}  // namespace
}  // namespace bkt::testing
