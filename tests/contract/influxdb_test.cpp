// InfluxDB 1 under the engine contract suite.
#include "baktainer/testing/engine_contract/suite.hpp"

namespace bkt::testing {
namespace {

constexpr const char* kPassword = "s3cr3t'\"$PW-Pässwörd";

// Every script begins with `q`: a statement as the administrator; lines of points go to `points DATABASE`.
const std::string kClient = R"sh(
export INFLUX_USERNAME=$INFLUXDB_ADMIN_USER INFLUX_PASSWORD=$INFLUXDB_ADMIN_PASSWORD
q() { influx -precision ns -format csv -execute "$1"; }
points() {
    f=$(mktemp); { printf '# DML\n# CONTEXT-DATABASE: %s\n' "$1"; cat; } >"$f"
    influx -import -path="$f" -precision=ns >/dev/null; rm -f "$f"
}
)sh";

// No continuous query and no user: `influxd restore` brings neither back, which the plan says.
const std::string kSeed = kClient + R"sh(
q "CREATE RETENTION POLICY \"long r\" ON shop DURATION 5200w REPLICATION 1"
seq 1 5000 | awk '{ printf "cpu,host=h%d,o\\ d=gr\303\274\303\237e v=%d.5,n=%di,s=\"it'"'"'s \\\"%d\\\" \360\237\230\200\",b=%s %d000000000\n",
    $1 % 7, $1, $1, $1, $1 % 2 ? "true" : "false", 1600000000 + $1 * 3600 }' | points shop
)sh";

const std::string kDigest = kClient + R"sh(
q 'SELECT * FROM shop.autogen./.*/' | sort | sha256sum
q 'SHOW RETENTION POLICIES ON shop' | sort
q 'SHOW SERIES ON shop' | sort | sha256sum
)sh";

EngineSubject influxdb(const std::string& version) {
    EngineSubject s;
    s.name = "influxdb_" + version.substr(0, 1) + "_" + version.substr(2);
    s.engine = "influxdb";
    s.image = "influxdb:" + version;
    s.options = {"-e", "INFLUXDB_DB=shop",
                 "-e", "INFLUXDB_HTTP_AUTH_ENABLED=true",
                 "-e", "INFLUXDB_ADMIN_USER=root",
                 "-e", std::string("INFLUXDB_ADMIN_PASSWORD=") + kPassword};
    s.password = kPassword;
    // Over the container's own address: the server that sets itself up listens on the loopback only.
    s.ready = kClient + "influx -host \"$(hostname -i)\" -execute 'SHOW DATABASES' | grep -qx shop";
    s.seed = kSeed;
    s.digest = kDigest;
    s.change = kClient +
               "q \"DELETE FROM shop.autogen.cpu WHERE host = 'h3'\" >/dev/null 2>&1 || :\n"
               "echo 'later v=1 1700000000000000000' | points shop";
    s.fill = kClient + R"sh(
awk -v n=$((SIZE_MB * 12000)) 'BEGIN {
    srand(1)
    for (i = 1; i <= n; i++) printf "filler s=\"%.12f%.12f%.12f%.12f%.12f%.12f%.12f%.12f%.12f%.12f\" %d000000000\n",
        rand(), rand(), rand(), rand(), rand(), rand(), rand(), rand(), rand(), rand(), 1600000000 + i
}' | points shop
)sh";
    s.wrong_password = {"db.password=wrong-pässwörd"};
    s.hide_tools = "p=$(command -v influxd); mv \"$p\" \"$p.gone\"";
    s.weak_login = kClient + "q \"CREATE USER weak WITH PASSWORD 'weak-pw'\"";
    s.weak_labels = {"db.user=weak", "db.password=weak-pw"};
    s.plugin = std::string(ENGINE_PLUGINS) + "/baktainer.engine.influxdb/libengine_influxdb.so";
    return s;
}

INSTANTIATE_TEST_SUITE_P(Influxdb, EngineContract, ::testing::ValuesIn(matrix(influxdb, {"1.6"})),
                         subject_name);

}  // namespace
}  // namespace bkt::testing
