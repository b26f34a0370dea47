// InfluxDB 1 and 2 under the engine contract suite.
#include <fstream>
#include <sstream>

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

// Its tools beside it, in its network: what they write goes to the volume that TMPDIR names.
EngineSubject influxdb_beside(const std::string& version) {
    auto s = influxdb(version);
    s.name += "_sidecar";
    s.options.insert(s.options.end(), {"-e", "TMPDIR=/backup", "-v", "/backup"});
    s.labels = {"mode=sidecar"};
    // A restored copy has no such volume, and sort(1) would spill there.
    s.digest = "export TMPDIR=/tmp\n" + s.digest;
    s.hide_tools.clear();  // the sidecar has the image's own
    s.outlives_restart = true;
    return s;
}

// InfluxDB 2: everything by its HTTP API, so the scripts need curl only. Begins every script: `api PATH`, with more
// words for curl; `flux` queries, `points BUCKET` writes lines, as the operator whom the image makes.
constexpr const char* kOwnPassword = "an-0wn-'pässwörd";
constexpr const char* kToken = "t0k3n-of-the-0perator-_~QUOTED==";
const std::string kCurl = R"sh(
url=http://127.0.0.1:8086
api() {
    path=$1; shift
    printf 'header = "Authorization: Token %s"\n' "$DOCKER_INFLUXDB_INIT_ADMIN_TOKEN" >/tmp/.curl
    curl -sSf -K /tmp/.curl "$@" "$url/api/v2/$path"
}
flux() { api "query?org=acme" -H 'Content-Type: application/vnd.flux' -H 'Accept: application/csv' --data-binary "$1"; }
points() { api "write?org=acme&bucket=$1&precision=s" --data-binary @-; }
# Every value of a bucket; an error comes as rows too.
rows() {
    flux "from(bucket: \"$1\") |> range(start: 0) |> group(columns: [\"_measurement\", \"_field\"]) |>
        drop(columns: [\"_start\", \"_stop\"])" | tr -d '\r' >/tmp/.csv
    ! grep -q '^,error,reference' /tmp/.csv || { cat /tmp/.csv; exit 1; }
    cut -d, -f4- /tmp/.csv | sort | tee /tmp/.rows | sha256sum
    wc -l </tmp/.rows
}
)sh";

// A second bucket and organisation, another token and a dashboard: a backup holds the whole server.
const std::string kApiSeed = kCurl + R"sh(
seq 1 5000 | awk '{ printf "cpu,host=h%d,o\\ d=gr\303\274\303\237e v=%d.5,n=%di,s=\"it'"'"'s \\\"%d\\\" \360\237\230\200\",b=%s %d\n",
    $1 % 7, $1, $1, $1, $1 % 2 ? "true" : "false", 1600000000 + $1 * 3600 }' | points shop
org=$(api orgs | tr -d ' \n\t' | sed 's/.*"id":"\([0-9a-f]*\)","name":"acme".*/\1/')
api buckets -H 'Content-Type: application/json' --data-binary \
    "{\"orgID\":\"$org\",\"name\":\"Käse -- und Brot\",\"retentionRules\":[]}" >/dev/null
api orgs -H 'Content-Type: application/json' --data-binary '{"name":"other org"}' >/dev/null
api dashboards -H 'Content-Type: application/json' --data-binary "{\"orgID\":\"$org\",\"name\":\"board\"}" >/dev/null
echo 'm,k=a v=1 1700000000' | points 'K%C3%A4se%20--%20und%20Brot'
)sh";

// What the server holds, and who may enter: the ids are the backup's too.
const std::string kApiDigest = kCurl + R"sh(
names() { tr -d ' \n\t' | grep -oE '"(id|name|token|orgID)":"[^"]*"' | sort; }
rows shop
rows 'Käse -- und Brot'
for list in orgs buckets authorizations dashboards users; do api "$list" | names; done
)sh";

EngineSubject influxdb2(const std::string& version) {
    EngineSubject s;
    s.name = "influxdb_" + version.substr(0, 1) + "_" + version.substr(2);
    s.engine = "influxdb";
    s.image = "influxdb:" + version;
    s.needs = "curl";
    s.options = {"-e", "DOCKER_INFLUXDB_INIT_MODE=setup",
                 "-e", "DOCKER_INFLUXDB_INIT_USERNAME=root",
                 "-e", std::string("DOCKER_INFLUXDB_INIT_PASSWORD=") + kOwnPassword,
                 "-e", "DOCKER_INFLUXDB_INIT_ORG=acme",
                 "-e", "DOCKER_INFLUXDB_INIT_BUCKET=shop",
                 "-e", std::string("DOCKER_INFLUXDB_INIT_ADMIN_TOKEN=") + kToken};
    // The token is data: the server keeps it in clear, and so does its backup. See InfluxdbApi below.
    s.password = kOwnPassword;
    s.ready = kCurl + "api buckets?name=shop >/dev/null";
    s.seed = kApiSeed;
    s.digest = kApiDigest;
    s.change = kCurl + R"sh(
org=$(api orgs?org=acme | tr -d ' \n\t' | sed 's/.*"id":"\([0-9a-f]*\)","name":"acme".*/\1/')
api 'delete?org=acme&bucket=shop' -H 'Content-Type: application/json' --data-binary \
    '{"start":"2020-09-13T00:00:00Z","stop":"2020-10-13T00:00:00Z","predicate":"host=\"h3\""}'
api buckets -H 'Content-Type: application/json' --data-binary \
    "{\"orgID\":\"$org\",\"name\":\"later\",\"retentionRules\":[]}" >/dev/null
echo 'later v=1 1700000000' | points later
)sh";
    s.fill = kCurl + R"sh(
awk -v n=$((SIZE_MB * 12000)) 'BEGIN {
    srand(1)
    for (i = 1; i <= n; i++) printf "filler s=\"%.12f%.12f%.12f%.12f%.12f%.12f%.12f%.12f%.12f%.12f\" %d\n",
        rand(), rand(), rand(), rand(), rand(), rand(), rand(), rand(), rand(), rand(), 1600000000 + i
}' | points shop
)sh";
    s.wrong_password = {"db.password=wrong-pässwörd"};
    // May read one organisation, and is not an operator.
    s.weak_login = kCurl + R"sh(
org=$(api orgs?org=acme | tr -d ' \n\t' | sed 's/.*"id":"\([0-9a-f]*\)","name":"acme".*/\1/')
api authorizations -H 'Content-Type: application/json' --data-binary \
    "{\"orgID\":\"$org\",\"permissions\":[{\"action\":\"read\",\"resource\":{\"type\":\"buckets\",\"orgID\":\"$org\"}}]}" |
    tr -d ' \n\t' | sed 's/.*"token":"\([^"]*\)".*/\1/' >/tmp/weak-token
)sh";
    s.weak_labels = {"db.secret=file:/tmp/weak-token"};
    s.plugin = std::string(ENGINE_PLUGINS) + "/baktainer.engine.influxdb/libengine_influxdb.so";
    return s;
}

// One bucket of it: no user and no token comes along, and another server's stay.
EngineSubject influxdb2_bucket(const std::string& version) {
    auto s = influxdb2(version);
    s.name += "_bucket";
    s.labels = {"db.org=acme", "db.name=shop"};
    s.digest = kCurl + "rows shop";
    return s;
}

std::vector<EngineSubject> influxdb_subjects() {
    auto all = matrix(influxdb, {"1.6"}, {"1.8"});
    for (auto& s : matrix(influxdb_beside, {"1.6"}, {"1.8"})) all.push_back(std::move(s));
    for (auto& s : matrix(influxdb2, {}, {"2.7"})) all.push_back(std::move(s));
    for (auto& s : matrix(influxdb2_bucket, {}, {"2.7"})) all.push_back(std::move(s));
    return all;
}

// Nothing of it is there to save, if it is sure that the account sees whatever there is.
TEST(InfluxdbRestore, BringsADroppedDatabaseBackInPlaceForAnAdministratorOnly) {
    BKT_NEED_IMAGE("influxdb:1.6");
    auto subject = influxdb("1.6");
    const EngineBox box(subject);
    DockerBaktainer program;
    box.run(subject.seed);
    const auto before = box.digest();
    ASSERT_EQ(program->run({"backup", box.name()}).exit_code, 0);
    const auto id = program.only_id();

    subject.labels = subject.weak_labels;
    const EngineBox other(subject);
    other.run(subject.weak_login);
    other.run(kClient + "q 'DROP DATABASE shop'");
    const auto refused = program->run({"restore", id, "--to", other.name(), "--confirm"});
    EXPECT_NE(refused.exit_code, 0) << refused.out;
    EXPECT_NE(refused.err.find("nothing was touched"), std::string::npos) << refused.err;

    box.run(kClient + "q 'DROP DATABASE shop'");
    const auto done =
        program->run({"--output", "json", "restore", id, "--to", box.name(), "--confirm"});
    ASSERT_EQ(done.exit_code, 0) << done.err;
    EXPECT_NE(done.out.find(R"("nothing_to_save":true)"), std::string::npos) << done.out;
    EXPECT_EQ(program.only_id(), id) << "there is no safety backup";
    EXPECT_EQ(box.digest(), before);
}

// `influxd restore` sends a shard and hears no answer: it ends with 0 whether the server could use it or not.
TEST(InfluxdbRestore, OfAShardThatTheServerDoesNotTakeIsAFailureThatLeavesNothingBehind) {
    BKT_NEED_IMAGE("influxdb:1.6");
    const auto subject = influxdb("1.6");
    const EngineBox box(subject);
    DockerBaktainer program;
    box.run(subject.seed);
    ASSERT_EQ(program->run({"backup", box.name()}).exit_code, 0);
    box.run(kClient + "q 'DROP DATABASE shop'");
    // A tool that damages the data file of one shard before it sends it.
    box.run(R"sh(
tool=$(command -v influxd)
mv "$tool" "$tool.real"
cat >"$tool" <<'END'
#!/bin/sh
if [ "$1" = restore ]; then
    for dir; do :; done
    one=$(ls "$dir"/*.tar.gz | head -n 1)
    mkdir /tmp/one && cd /tmp/one && tar -xzf "$one"
    for file in $(find . -name '*.tsm'); do echo 'no data file' >"$file"; done
    tar -czf "$one" $(find * -type f)
fi
exec "$0.real" "$@"
END
chmod 755 "$tool"
)sh");
    const auto done = program->run({"restore", program.only_id(), "--to", box.name(), "--confirm"});
    EXPECT_EQ(done.exit_code, 1) << done.out;
    EXPECT_NE(done.err.find("shards that 'influxd restore' sent it"), std::string::npos)
        << done.err;
    EXPECT_NE(done.err.find("hint: "), std::string::npos) << done.err;
    EXPECT_EQ(box.run(kClient + "q 'SHOW DATABASES' | grep -cx 'databases,shop' || :"), "0\n");
}

class InfluxdbApi : public ::testing::Test {
protected:
    void SetUp() override {
        if (!whole_matrix())
            GTEST_SKIP() << "InfluxDB 2 is of the whole matrix: BAKTAINER_MATRIX=all";
        BKT_NEED_IMAGE("influxdb:2.7");
    }
    const EngineSubject subject_ = influxdb2("2.7");
    DockerBaktainer program_;
};

TEST_F(InfluxdbApi, ShowsTheTokenNowhereButInTheBackupsOwnBytes) {
    const EngineBox box(subject_);
    const auto done = program_->run({"-vv", "--output", "json", "backup", box.name()});
    ASSERT_EQ(done.exit_code, 0) << done.err;
    EXPECT_EQ((done.out + done.err).find(kToken), std::string::npos);
    EXPECT_FALSE(program_->keeps(kToken)) << "the tar is compressed, and nothing else may have it";
    const auto explained = program_->run({"targets", "explain", box.name()});
    EXPECT_EQ((explained.out + explained.err).find(kToken), std::string::npos);
    EXPECT_NE(explained.out.find("the engine works over the network only"), std::string::npos)
        << explained.out;
    const auto planned = program_->run({"backup", box.name(), "--dry-run"});
    EXPECT_NE((planned.out + planned.err).find("a restore replaces the whole server"),
              std::string::npos)
        << planned.out << planned.err;
}

// A server with users and tokens of its own: they are gone afterwards, which was said before.
TEST_F(InfluxdbApi, OverAnotherServerTheBackupsTokensAreTheOnlyOnes) {
    std::string id, before;
    {
        const EngineBox box(subject_);
        box.run(subject_.seed);
        before = box.digest();
        ASSERT_EQ(program_->run({"backup", box.name()}).exit_code, 0);
        id = program_.only_id();
    }
    auto other = subject_;
    other.options.back() = "DOCKER_INFLUXDB_INIT_ADMIN_TOKEN=another-token";
    const EngineBox box(other);
    const auto done = program_->run({"restore", id, "--to", box.name(), "--confirm"});
    ASSERT_EQ(done.exit_code, 0) << done.out << done.err;
    EXPECT_NE(done.err.find("'db.secret'"), std::string::npos) << done.out << done.err;
    EXPECT_NE(run_script(box.name(), other.ready).exit_code, 0) << "the old token lives on";
    EXPECT_EQ(box.run("export DOCKER_INFLUXDB_INIT_ADMIN_TOKEN=" + std::string(kToken) + "\n" +
                      other.digest),
              before);
}

// A container without DOCKER_INFLUXDB_INIT_: its restored copy is set up by the restore.
TEST_F(InfluxdbApi, OfAServerThatWasSetUpByHandComesBackInANewContainer) {
    auto by_hand = subject_;
    by_hand.options = {"-e", std::string("DOCKER_INFLUXDB_INIT_ADMIN_TOKEN=") + kToken};
    by_hand.ready = "curl -sf -o /dev/null http://127.0.0.1:8086/health";
    const EngineBox box(by_hand);
    box.run(kCurl +
            "api setup --data-binary '{\"username\":\"me\",\"password\":\"12345678\","
            "\"org\":\"acme\",\"bucket\":\"shop\",\"token\":\"" +
            kToken + "\"}' >/dev/null");
    box.run(subject_.seed);
    const auto before = box.digest();
    ASSERT_EQ(program_->run({"backup", box.name()}).exit_code, 0);
    const RestoredBox restored(program_->run({"restore", program_.only_id()}));
    if (!HasFailure()) {
        EXPECT_EQ(must_run_script(restored.name(), subject_.digest), before);
    }
}

// What follows "4." in the only backup's RESTORE.txt.
std::string restore_lines(DockerBaktainer& program) {
    for (const auto& file : program->stored()) {
        if (!file.ends_with("/RESTORE.txt")) continue;
        std::ifstream in(program->store() + "/" + file);
        std::stringstream all;
        all << in.rdbuf();
        constexpr std::string_view kBefore = "4. Put them back:";
        return all.str().substr(all.str().find(kBefore) + kBefore.size());
    }
    ADD_FAILURE() << "there is no RESTORE.txt";
    return {};
}

TEST_F(InfluxdbApi, IsRestoredByTheLinesOfRestoreTxtAlone) {
    for (const auto& subject : {subject_, influxdb2_bucket("2.7")}) {
        SCOPED_TRACE(subject.name);
        DockerBaktainer program;
        std::string before;
        const testing::TempDir files;
        {
            const EngineBox box(subject);
            box.run(subject.seed);
            before = box.digest();
            ASSERT_EQ(program->run({"backup", box.name()}).exit_code, 0);
            const auto written =
                program->run({"restore", program.only_id(), "--to", "file:" + files.path()});
            ASSERT_EQ(written.exit_code, 0) << written.err;
        }
        const bool whole = subject.labels.empty();
        auto other = subject_;
        other.options.back() = "DOCKER_INFLUXDB_INIT_ADMIN_TOKEN=another-token";
        other.options[9] = "DOCKER_INFLUXDB_INIT_BUCKET=else";
        other.ready = kCurl + "api buckets?name=else >/dev/null";
        const EngineBox box(other);
        must_docker({"cp", files.path() + "/.", box.name() + ":/tmp"});
        box.run(kCurl +
                "export INFLUX_TOKEN=another-token INFLUX_ORG_ID=$(api orgs?org=acme | tr -d ' "
                "\\n\\t' |"
                " sed 's/.*\"id\":\"\\([0-9a-f]*\\)\",\"name\":\"acme\".*/\\1/')\ncd /tmp\n" +
                restore_lines(program));
        EXPECT_EQ(box.run("export DOCKER_INFLUXDB_INIT_ADMIN_TOKEN=" +
                          std::string(whole ? kToken : "another-token") + "\n" + subject.digest),
                  before);
    }
}

TEST_F(InfluxdbApi, PutsABucketBesideItselfUnderAnotherName) {
    const auto subject = influxdb2_bucket("2.7");
    const EngineBox box(subject);
    box.run(subject.seed);
    const auto before = box.digest();
    ASSERT_EQ(program_->run({"backup", box.name()}).exit_code, 0);
    box.run(subject.change);
    const auto changed = box.digest();
    const auto done = program_->run({"restore", program_.only_id(), "--to", box.name(), "--confirm",
                                     "--database", "shop:copy"});
    ASSERT_EQ(done.exit_code, 0) << done.out << done.err;
    EXPECT_EQ(box.digest(), changed);
    EXPECT_EQ(box.run(kCurl + "rows copy"), before);
}

INSTANTIATE_TEST_SUITE_P(Influxdb, EngineContract, ::testing::ValuesIn(influxdb_subjects()),
                         subject_name);

}  // namespace
}  // namespace bkt::testing
