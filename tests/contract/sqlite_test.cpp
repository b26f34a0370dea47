// SQLite in a container under the engine contract suite: by the image's own sqlite3, and by a program
// beside it.
#include "baktainer/testing/engine_contract/suite.hpp"

namespace bkt::testing {
namespace {

// Statements on stdin; /data/app.db is the application's own, which goes on writing it.
#define SQL "sql() { sqlite3 -bail -cmd '.timeout 20000' /data/own.db; }; "

EngineSubject sqlite(const std::string& version) {
    EngineSubject s;
    s.name = "sqlite_" + version;
    s.engine = "sqlite";
    s.image = "lab/sqlite-app:" + version;
    // A file's engine cannot be told from an image: two labels.
    s.labels = {"db.engine=sqlite", "db.name=/data/own.db"};
    s.ready = SQL "echo 'PRAGMA journal_mode=WAL; CREATE TABLE IF NOT EXISTS z(x);' | sql";
    s.seed = SQL R"sh(sql <<'E'
CREATE TABLE "ta'ble ""1"" -f ü" (id INTEGER PRIMARY KEY, t TEXT, b BLOB, r REAL);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<5000)
  INSERT INTO "ta'ble ""1"" -f ü" SELECT i, 'grüße 😀 '||i, randomblob(60), i/7.0 FROM n;
CREATE INDEX i1 ON "ta'ble ""1"" -f ü" (t);
CREATE VIEW v AS SELECT id, t FROM "ta'ble ""1"" -f ü";
CREATE TRIGGER tr AFTER DELETE ON z BEGIN SELECT 1; END;
E
)sh";
    s.digest = "sqlite3 -cmd '.timeout 20000' /data/own.db .dump | sha256sum";
    s.change = SQL "echo 'DROP VIEW v; CREATE TABLE later(x); INSERT INTO z VALUES (1);' | sql";
    s.fill = SQL
        "echo \"CREATE TABLE filler(b); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM "
        "n WHERE i<$SIZE_MB * 250) INSERT INTO filler SELECT randomblob(4000) FROM n;\" | sql";
    s.accounts = SQL
        "echo 'CREATE TABLE acc(id INTEGER PRIMARY KEY, v); WITH RECURSIVE n(i) AS (SELECT 1 UNION "
        "ALL SELECT i+1 FROM n WHERE i<1000) INSERT INTO acc SELECT i, 100 FROM n;' | sql";
    s.transfer =
        "while :; do echo 'BEGIN IMMEDIATE; UPDATE acc SET v=v-5 WHERE id=1; UPDATE acc SET v=v+5 "
        "WHERE id=1000; COMMIT;'; sleep 0.005; done | sqlite3 -cmd '.timeout 20000' /data/own.db";
    s.sum = "sqlite3 -cmd '.timeout 20000' /data/own.db 'SELECT sum(v) FROM acc'";
    s.plugin = std::string(ENGINE_PLUGINS) + "/baktainer.engine.sqlite/libengine_sqlite.so";
    return s;
}

// The same image, its sqlite3 left alone: by the engine's own program beside it. An image without the tool is in
// tests/integration/sqlite/beside_test.cpp.
EngineSubject beside(const std::string& version) {
    auto s = sqlite(version);
    s.name += "_sidecar";
    s.labels.push_back("mode=sidecar");
    s.outlives_restart = true;
    return s;
}

std::vector<EngineSubject> sqlite_subjects() {
    auto all = matrix(sqlite, {"1"});
    for (auto& s : matrix(beside, {"1"})) all.push_back(std::move(s));
    return all;
}

INSTANTIATE_TEST_SUITE_P(Sqlite, EngineContract, ::testing::ValuesIn(sqlite_subjects()),
                         subject_name);

}  // namespace
}  // namespace bkt::testing
