// Redis and Valkey under the engine contract suite.
#include "baktainer/testing/engine_contract/suite.hpp"

namespace bkt::testing {
namespace {

// The official images take a password as an argument only; compose files hand it over from a variable.
constexpr const char* kPassword = "s3cr3t'\"$PW-Pässwörd";

// Every script begins with `r`: the client, whichever the image has. Commands on stdin.
const std::string kClient = R"sh(
c=$(command -v redis-cli || command -v valkey-cli)
r() { REDISCLI_AUTH=$REDIS_PASSWORD "$c" -e "$@"; }
)sh";

// Each type there is, in several databases, small and large encodings, odd names, lifetimes, a function.
const std::string kSeed = kClient + R"sh(
r >/dev/null <<'E'
SET "K\xc3\xa4se \"und\" 'Brot' $(x); -f" "gr\xc3\xbc\xc3\x9fe\r\n\x00\xff"
SET "-dash d" ""
SET number 12345
SET lived 1 PX 90000000000
HSET hash "f 1" v1 "\xf0\x9f\x98\x80" v2
SADD ints 1 2 3 -4
SADD words a "b c" d
ZADD scores 1.5 a -2 "b b" 1e300 c
XADD stream 1-1 "a b" c
XADD stream 2-1 a d
XGROUP CREATE stream group 0
XREADGROUP GROUP group reader COUNT 1 STREAMS stream >
PFADD seen a b c
SETBIT bits 100 1
GEOADD places 13.361389 38.115556 Palermo
FUNCTION LOAD "#!lua name=lib\nredis.register_function('f', function(k, a) return 1 end)"
SELECT 7
SET only "in seven"
E
seq 1 3000 | sed 's/.*/RPUSH list item-&/' | r >/dev/null
seq 1 3000 | sed 's/.*/HSET big f& v&/' | r >/dev/null
seq 1 3000 | sed 's/.*/ZADD ranks & m&/' | r >/dev/null
)sh";

// Every key by its value, and what the values leave out: lifetimes, pending entries, functions. Last, that the
// server is nobody's replica and knows no other's password.
const std::string kDigest = kClient + R"sh(
for n in 0 3 7; do
    r -n $n --scan | sort | while IFS= read -r k; do
        case $(r -n $n TYPE "$k") in
            string) v=$(r -n $n GET "$k" | od -An -tx1) ;;
            list) v=$(r -n $n LRANGE "$k" 0 -1 | md5sum) ;;
            hash) v=$(r -n $n HGETALL "$k" | paste - - | sort | md5sum) ;;
            set) v=$(r -n $n SMEMBERS "$k" | sort | md5sum) ;;
            zset) v=$(r -n $n ZRANGE "$k" 0 -1 WITHSCORES | md5sum) ;;
            stream) v=$(r -n $n XRANGE "$k" - + | md5sum; r -n $n XPENDING "$k" group) ;;
        esac
        echo "$n $k $(r -n $n EXPIRETIME "$k")" $v
    done
done | od -An -c | sha256sum
r FUNCTION LIST WITHCODE
r CONFIG GET masterauth
r ROLE | head -n 1
)sh";

// A shell's words that start `server` with the variable's password, which may hold anything.
std::vector<std::string> with_password(const std::string& server) {
    return {"sh", "-c",
            R"sh(p=$(printf %s "$REDIS_PASSWORD" | sed 's/[\\"]/\\&/g')
printf 'requirepass "%s"\nprotected-mode no\n' "$p" >/tmp/own.conf
chmod 644 /tmp/own.conf
exec docker-entrypoint.sh )sh" +
                server + " /tmp/own.conf"};
}

EngineSubject make(const std::string& name, const std::string& image, const std::string& server) {
    EngineSubject s;
    s.name = name;
    s.engine = "redis";
    s.image = image;
    s.options = {"-e", std::string("REDIS_PASSWORD=") + kPassword};
    s.command = with_password(server);
    s.password = kPassword;
    s.ready = kClient + "r PING | grep -qx PONG";
    s.seed = kSeed;
    s.digest = kDigest;
    s.change =
        kClient +
        "printf 'DEL hash\\nRPUSH list later\\nFUNCTION FLUSH\\nSELECT 3\\nSET new 1\\n' | r "
        ">/dev/null";
    s.fill = kClient + R"sh(
awk -v n=$((SIZE_MB * 10000)) 'BEGIN {
    srand(1)
    for (i = 1; i <= n; i++)
        printf "HSET filler:%d %d %.12f%.12f%.12f%.12f%.12f%.12f%.12f\n", i % 10, i,
            rand(), rand(), rand(), rand(), rand(), rand(), rand()
}' | r --pipe >/dev/null
)sh";
    s.accounts = kClient + "seq 1 1000 | sed 's/.*/HSET acc & 100/' | r >/dev/null";
    s.transfer = kClient +
                 "while :; do printf 'MULTI\\nHINCRBY acc 1 -5\\nHINCRBY acc 1000 5\\nEXEC\\n'; "
                 "done | r >/dev/null";
    s.sum = kClient + "r HVALS acc | awk '{ s += $1 } END { print s }'";
    s.wrong_password = {"db.password=wrong-pässwörd"};
    s.hide_tools = "p=$(command -v redis-cli || command -v valkey-cli); mv \"$p\" \"$p.gone\"";
    s.weak_login = kClient + "r ACL SETUSER weak on nopass '~*' +get +info +auth";
    s.weak_labels = {"db.user=weak"};
    s.plugin = std::string(ENGINE_PLUGINS) + "/baktainer.engine.redis/libengine_redis.so";
    return s;
}

EngineSubject redis(const std::string& version) {
    return make("redis_" + version.substr(0, 1), "redis:" + version, "redis-server");
}
EngineSubject valkey(const std::string& version) {
    return make("valkey_" + version.substr(0, 1), "valkey/valkey:" + version, "valkey-server");
}

// The client of the image, but in a container beside the server, or the one of this machine over the network.
// A new server is restored into by its own programs; over a running one a restore is refused.
EngineSubject elsewhere(const std::string& mode) {
    auto s = redis("7.0");
    s.name += "_" + mode;
    s.labels = {"mode=" + mode};
    s.hide_tools.clear();  // the image, or this machine, still has them
    s.in_place = false;
    return s;
}

std::vector<EngineSubject> subjects() {
    auto all = matrix(redis, {"7.0"}, {"8.0"});
    for (auto& s : matrix(valkey, {}, {"8.1"})) all.push_back(std::move(s));
    if (whole_matrix())
        for (const char* mode : {"sidecar", "remote"}) all.push_back(elsewhere(mode));
    return all;
}

INSTANTIATE_TEST_SUITE_P(Redis, EngineContract, ::testing::ValuesIn(subjects()), subject_name);

// What is this engine's own: the server is another's replica for a while, and must not stay one.
class RedisRestore : public ::testing::Test {
protected:
    void SetUp() override { BKT_NEED_IMAGE("redis:7.0"); }
    static std::string role(const EngineBox& box) {
        return box.run(kClient + "r ROLE | head -n 1; r CONFIG GET masterauth");
    }
    // Folders and servers of a restore that are left in the container.
    static std::string left(const EngineBox& box) {
        return box.run(
            "ls -a /data /tmp | grep baktainer || :\n"
            "cat /proc/[0-9]*/cmdline | tr '\\0' '\\n' | grep '^redis-server 127' || :");
    }
    const EngineSubject seven_ = redis("7.0");
    DockerBaktainer program_;
};

TEST_F(RedisRestore, ThatIsEndedMidwayLeavesAMasterThatTakesTheNextOne) {
    EngineBox box(seven_);
    box.run(seven_.seed);
    const auto before = box.digest();
    ASSERT_EQ(program_->run({"backup", box.name()}).exit_code, 0);
    const auto id = program_.only_id();
    const auto master = role(box);
    // Nothing is loaded where nothing was written: Redis sees that both have one history, and goes on from there.
    box.run(seven_.change);
    // It obeys nobody while it loads, which lasts longer than a cancelled tool is given to end.
    box.run(kClient + "r CONFIG SET key-load-delay 1000000");
    const auto restore = program_->start({"restore", id, "--to", box.name(), "--confirm"});
    const std::string obeys =
        kClient + "export REDISCLI_AUTH=$REDIS_PASSWORD; timeout 1 \"$c\" PING | grep -qx PONG";
    // By its own word: on a busy machine a silent server may be a slow one.
    const auto loads = [&] {
        const auto logs = docker({"logs", box.name()});
        return (logs.out + logs.err).find("REPLICA sync: Loading DB in memory") !=
               std::string::npos;
    };
    for (int i = 0; i < 1200 && restore->running() && !loads(); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(50));  // nothing tells us
    ASSERT_TRUE(loads()) << restore->wait().err << docker({"logs", box.name()}).out;
    ASSERT_TRUE(restore->running()) << restore->wait().err;
    restore->signal(SIGTERM);
    EXPECT_NE(restore->wait().exit_code, 0);
    EXPECT_NE(run_script(box.name(), obeys).exit_code, 0) << "it was over before it was disturbed";
    for (int i = 0; i < 300 && (role(box) != master || !left(box).empty()); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(100));  // nothing tells us
    EXPECT_EQ(role(box), master);
    EXPECT_EQ(left(box), "");

    box.run(kClient + "r CONFIG SET key-load-delay 0");
    const auto again = program_->run({"restore", id, "--to", box.name(), "--confirm"});
    EXPECT_EQ(again.exit_code, 0) << again.err;
    EXPECT_EQ(box.digest(), before);
    EXPECT_EQ(left(box), "");
}

TEST_F(RedisRestore, OverARunningServerIsRefusedInAModeThatDoesNotRunInItsContainer) {
    for (const char* mode : {"sidecar", "remote"}) {
        const auto subject = elsewhere(mode);
        EngineBox box(subject);
        box.run(subject.seed);
        const auto backed_up = program_->run({"backup", box.name()});
        ASSERT_EQ(backed_up.exit_code, 0) << mode << backed_up.err;
        box.run(subject.change);
        const auto changed = box.digest();
        const auto stored = program_->stored();
        const auto done = program_->run({"restore", box.name(), "--to", box.name(), "--confirm"});
        EXPECT_EQ(done.exit_code, 1) << mode << done.out;
        EXPECT_EQ(program_->stored(), stored) << "no safety backup of what is not touched";
        EXPECT_NE(done.err.find("baktainer.mode=exec"), std::string::npos) << done.err;
        EXPECT_EQ(box.digest(), changed) << mode;
    }
}

TEST_F(RedisRestore, OfAServerWithoutChecksumsSaysThatStructureAloneIsChecked) {
    auto subject = seven_;
    subject.command.back() += " --rdbchecksum no";
    EngineBox box(subject);
    box.run(subject.seed);
    const auto before = box.digest();
    const auto planned = program_->run({"backup", box.name(), "--dry-run"});
    EXPECT_NE(planned.out.find("'rdbchecksum' is off"), std::string::npos) << planned.out;
    const auto done = program_->run({"backup", box.name()});
    ASSERT_EQ(done.exit_code, 0) << done.err;
    EXPECT_NE(done.err.find("has no checksum"), std::string::npos) << done.err;
    const auto id = program_.only_id();
    const auto shown = program_->run({"show", id, "--output", "json"});
    EXPECT_NE(shown.out.find(R"("rdb_checksum":"off")"), std::string::npos) << shown.out;
    EXPECT_EQ(program_->run({"verify", id}).exit_code, 0);
    box.run(subject.change);
    const auto restored = program_->run({"restore", id, "--to", box.name(), "--confirm"});
    ASSERT_EQ(restored.exit_code, 0) << restored.err;
    EXPECT_EQ(box.digest(), before);
}

TEST_F(RedisRestore, OfANewerServersFileIsRefusedBeforeAnythingIsTouched) {
    BKT_NEED_IMAGE("redis:8.0");
    const auto eight = redis("8.0");
    std::string id;
    {
        EngineBox newer(eight);
        newer.run(eight.seed);
        ASSERT_EQ(program_->run({"backup", newer.name()}).exit_code, 0);
        id = program_.only_id();
    }
    EngineBox older(seven_);
    older.run(seven_.seed);
    const auto before = older.digest();
    const auto done = program_->run({"restore", id, "--to", older.name(), "--confirm"});
    EXPECT_EQ(done.exit_code, 1) << done.out;
    EXPECT_NE(done.err.find("RDB of version 12"), std::string::npos) << done.err;
    EXPECT_EQ(older.digest(), before);
    EXPECT_EQ(left(older), "");
}

}  // namespace
}  // namespace bkt::testing
