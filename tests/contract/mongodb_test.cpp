// MongoDB's protocol under the engine contract suite: FerretDB on PostgreSQL, whose image holds mongodump only
// where it was made with MONGO_TOOLS. It has no mongo shell; its data are made and read in PostgreSQL.
#include "baktainer/testing/engine_contract/suite.hpp"

namespace bkt::testing {
namespace {

constexpr const char* kPassword = "s3cr3t'\"$PW-Pässwörd";

#define SQL "sql() { psql -XAtqv ON_ERROR_STOP=1 -U postgres -d postgres -h 127.0.0.1 \"$@\"; }; "

EngineSubject ferretdb(const std::string& version) {
    EngineSubject s;
    s.name = "ferretdb_" + version;
    s.engine = "mongodb";
    s.image = "lab/ferretdb:" + version;
    s.needs = "mongodump";
    s.options = {"-e", "MONGO_INITDB_ROOT_USERNAME=root", "-e",
                 std::string("MONGO_INITDB_ROOT_PASSWORD=") + kPassword};
    s.password = kPassword;
    // Port 27017, listening.
    s.ready = "grep -q ':6989 .* 0A ' /proc/net/tcp6 /proc/net/tcp";
    s.seed = SQL R"sh(
sql >/dev/null <<'E'
SELECT documentdb_api.insert_one(d, c, format('{"_id": %s, "s": "grüße 😀 %s", "f": %s.5, "nest": {"a": [1, {"b": null, "c": true}]}, "big": {"$numberLong": "%s"}}', g, g, g, 1099511627776 + g)::documentdb_core.bson)
  FROM (VALUES ('shop', 'orders'), ('shop', 'bestellungen ü -f'), ('crm', 'people'), ('-dash''d', 'x')) n(d, c), generate_series(1, 300) g;
SELECT documentdb_api.create_collection('shop', 'empty');
E
)sh";
    s.digest = SQL R"sh(
sql <<'E'
SELECT format('SELECT %L, %L, count(*), md5(string_agg(document::text, ''|'' ORDER BY document::text COLLATE "C")) FROM documentdb_api.collection(%L, %L)',
    database_name, collection_name, database_name, collection_name)
  FROM documentdb_api_catalog.collections WHERE database_name NOT IN ('admin', 'config', 'local') AND collection_name !~ '^system[.]'
  ORDER BY database_name COLLATE "C", collection_name COLLATE "C" \gexec
SELECT 'end';
E
)sh";
    s.change = SQL R"sh(
sql >/dev/null <<'E'
SELECT documentdb_api.drop_collection('crm', 'people');
SELECT documentdb_api.delete('shop', '{"delete": "orders", "deletes": [{"q": {"_id": 7}, "limit": 1}]}');
E
)sh";
    s.fill = SQL R"sh(
sql -v n=$((SIZE_MB * 8000)) >/dev/null <<'E'
SELECT count(documentdb_api.insert_one('shop', 'filler', format('{"_id": %s, "h": "%s"}', g, md5(g::text) || md5((g * 7)::text) || md5((g * 13)::text))::documentdb_core.bson))
  FROM generate_series(1, :n) g;
E
)sh";
    // No accounts: without an oplog a dump is of no one moment, and FerretDB has none.
    s.wrong_password = {"db.password=wrong-pässwörd"};
    s.hide_tools = "mv /usr/bin/mongodump /usr/bin/mongodump.gone";
    // No weak login: FerretDB's users may all read everything.
    s.plugin = std::string(ENGINE_PLUGINS) + "/baktainer.engine.mongodb/libengine_mongodb.so";
    return s;
}

// The tools of the image, but in a container beside the server; or those of this machine, over the network.
EngineSubject in_mode(const std::string& mode) {
    auto s = ferretdb("2");
    s.name += "_" + mode;
    s.labels = {"mode=" + mode};
    s.hide_tools.clear();  // the image still has them
    return s;
}

std::vector<EngineSubject> mongodb_in_modes() {
    if (!whole_matrix()) return {};
    return {in_mode("sidecar"), in_mode("remote")};
}

INSTANTIATE_TEST_SUITE_P(MongodbModes, EngineContract, ::testing::ValuesIn(mongodb_in_modes()),
                         subject_name);
INSTANTIATE_TEST_SUITE_P(Mongodb, EngineContract, ::testing::ValuesIn(matrix(ferretdb, {"2"})),
                         subject_name);

}  // namespace
}  // namespace bkt::testing
