// The engine with scripts in the tools' place, which note what they were given and answer as mongodump 100.18
// was seen to answer (the design's record of its exit codes, words and bytes).
#include "plugins/engines/mongodb/mongodb_engine.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/engine_bench.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/plugins/engines/mongodb/sample.hpp"

namespace bkt::mongodb {
namespace {

using test::said;
using Words = std::vector<std::string>;

const std::string kUri =
    "--uri=mongodb://127.0.0.1:27017/?serverSelectionTimeoutMS=10000&connectTimeoutMS=10000";
constexpr const char* kPassword = "s3cr3t\"\\'$(x) ü";

struct MongodbEngineTest : ::testing::Test {
    MongodbEngineTest() {
        for (const char* name : {"sh", "cat", "rm", "sleep"})
            std::filesystem::create_symlink(std::string("/usr/bin/") + name,
                                            bin.path() + "/" + name);
        bench.tool_env = {"PATH=" + bin.path(), "SAMPLE=" SAMPLE_ARCHIVE, "NOTES=" + dir.path()};
        // The container has what `bin` has, and nothing else.
        bench.host.exec = [this, run = bench.host.exec](
                              Call& c, const ExecRequest& r) -> Result<ExecOutcome> {
            ExecRequest here = r;
            here.argv.at(0) = bin.path() + "/" + r.argv.at(0);
            if (!std::filesystem::exists(here.argv[0]))
                return Error{Code::not_found, "there is no '" + r.argv[0] + "'"};
            return run(c, here);
        };
    }
    void tool(const std::string& name, const std::string& body) {
        const auto path = bin.path() + "/" + name;
        std::ofstream(path) << "#!/usr/bin/sh\n" << body << "\n";
        std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    }
    // A server with the sample in it; what came on stdin is noted.
    void mongodump() {
        tool("mongodump",
             "[ \"$1\" != --version ] || { echo 'mongodump version: 100.18.0'; exit; }\n"
             "case \"$*\" in *--config=*) cat /dev/stdin >$NOTES/config;; esac\n"
             "case \"$*\" in *is_anybody_there*) exit;; esac\n"
             "exec cat $SAMPLE");
    }
    void mongorestore() {
        tool("mongorestore",
             "[ \"$1\" != --version ] || { echo 'mongorestore version: 100.18.0'; exit; }\n"
             // As the tool does where it has a name and no password: a line, byte by byte.
             "case \"$*\" in *--username=*) IFS= read -r line; echo \"$line\" >$NOTES/line;; esac\n"
             "exec cat >$NOTES/restored");
    }
    void login() {
        bench.host.config["db.user"] = "root";
        bench.host.secrets["db.password"] = kPassword;
    }
    std::string noted(const std::string& name) const {
        std::ifstream in(dir.path() + "/" + name, std::ios::binary);
        std::stringstream all;
        all << in.rdbuf();
        return all.str();
    }
    // The last run of `name`, through a shell or not.
    Words last(const std::string& name) const {
        Words found;
        for (const auto& r : bench.host.requests)
            for (auto at = r.argv.begin(); at != r.argv.end(); ++at)
                if (*at == name) found.assign(at, r.argv.end());
        return found;
    }
    Status dump() {
        BKT_TRY(bench.plan(plan));
        // As the host does: each part's validator, asked of this very instance.
        for (const auto& [name, planned] : plan.parts)
            BKT_TRY(bench.validate(name, planned.media_type, sample()));
        return bench.dump(plan, parts);
    }
    static testing::MemoryPartsIn backup(const std::string& part) {
        return testing::MemoryPartsIn(std::map<std::string, std::string>{{part, sample()}});
    }

    test::TempDir dir, bin;
    test::EngineBench<MongodbEngine> bench;
    testing::MemoryPlan plan;
    testing::MemoryPartsOut parts{plan};
};

TEST_F(MongodbEngineTest, DumpsEverythingWithThePasswordOnStdin) {
    mongodump();
    login();
    ASSERT_EQ(said(dump()), "ok");
    EXPECT_TRUE(parts.complete());
    EXPECT_EQ(parts.text("@all.archive"), sample());
    EXPECT_EQ(last("mongodump"), (Words{"mongodump", "--archive", kUri, "--username=root",
                                        "--authenticationDatabase=admin", "--config=/dev/stdin"}));
    EXPECT_EQ(noted("config"), password_config(kPassword));
    for (const auto& r : bench.host.requests)
        for (const auto& word : r.argv) EXPECT_EQ(word.find("s3cr3t"), word.npos) << word;
    EXPECT_EQ(parts.facts["tool_version"], "100.18.0");
    EXPECT_EQ(plan.consistency, BKT_CONSISTENCY_NONE);
    EXPECT_NE(plan.notes.at(1).find("neither mongosh nor mongo"), std::string::npos);
}

TEST_F(MongodbEngineTest, DumpsEachDatabaseNamedAsAPart) {
    mongodump();
    bench.host.config["db.name"] = "shop,crm";
    bench.host.config["db.exclude"] = "shop.tmp_*";
    ASSERT_EQ(said(dump()), "ok");
    EXPECT_EQ(plan.parts.size(), 2u);
    EXPECT_EQ(last("mongodump"), (Words{"mongodump", "--archive", "--db=crm", kUri}));
    const auto& first = bench.host.requests.at(bench.host.requests.size() - 2).argv;
    EXPECT_EQ(first, (Words{"mongodump", "--archive", "--db=shop",
                            "--excludeCollectionsWithPrefix=tmp_", kUri}));
}

struct Failure {
    const char* name;
    int exit_code;
    const char* words;
    Code code;
};
const Failure kFailures[] = {
    {"a wrong password", 1,
     "Failed: can't create session: failed to connect to mongodb://127.0.0.1/: connection() error "
     "occurred during connection handshake: auth error: unable to authenticate "
     "(AuthenticationFailed)",
     Code::denied},
    {"no login", 1,
     "Failed: error getting database names: (Unauthorized) Command listDatabases requires "
     "authentication",
     Code::denied},
    {"no server", 1, "Failed: server selection error: context deadline exceeded",
     Code::unavailable},
    {"no replica set", 1, "Failed: error getting oplog start: mongo: no documents in result",
     Code::unsupported},
    {"a server killed midway, its archive whole", 1,
     "Failed: error reading collection: connection to 127.0.0.1 was closed: unexpected EOF",
     Code::unavailable},
    {"a tool that was ended", 1, "signal 'terminated' received; attempting to shut down",
     Code::failed},
};

TEST_F(MongodbEngineTest, KeepsNothingOfAFailedDumpHoweverWholeItLooks) {
    for (const auto& c : kFailures) {
        SCOPED_TRACE(c.name);
        tool("mongodump", "[ \"$1\" != --version ] || exit 0\ncat $SAMPLE\necho \"" +
                              std::string(c.words) + "\" >&2\nexit " + std::to_string(c.exit_code));
        testing::MemoryPlan own;
        testing::MemoryPartsOut out(own);
        bench.reopen();
        ASSERT_EQ(said(bench.plan(own)), "ok");
        const auto done = bench.dump(own, out);
        ASSERT_FALSE(done);
        EXPECT_FALSE(out.complete());
        EXPECT_EQ(done.error().code, c.code) << said(done);
        EXPECT_FALSE(done.error().hint.empty());
    }
}

TEST_F(MongodbEngineTest, WithoutTheToolSaysWhereItComesFrom) {
    const auto planned = bench.plan(plan);
    ASSERT_FALSE(planned);
    EXPECT_EQ(planned.error().code, Code::unsupported);
    EXPECT_EQ(planned.error().message, "no 'mongodump' in the container");
    EXPECT_NE(planned.error().hint.find("MongoDB Database Tools"), std::string::npos);
}

// With the tools here the members of a replica set are no way to the server, and nothing of a shell's is left
// where others can read or write.
TEST_F(MongodbEngineTest, OnThisMachineTalksToTheServerNamedAlone) {
    const std::string shell_home = "echo $HOME >$NOTES/home\n";
    const std::string answered =
        "echo 'baktainer {\"version\":\"7\",\"set\":\"rs0\",\"deleted\":0,\"databases\":[]}'";
    mongodump();
    mongorestore();
    tool("mongosh", shell_home + answered);
    login();
    bench.host.config["db.host"] = "172.17.0.2";
    for (const std::string mode : {"exec", "sidecar", "remote"}) {
        SCOPED_TRACE(mode);
        bench.host.config["mode"] = mode;
        bench.host.config["restore.clean"] = "true";
        bench.reopen();
        testing::MemoryPlan own;
        testing::MemoryPartsOut out(own);
        ASSERT_EQ(said(bench.plan(own)), "ok");
        ASSERT_EQ(said(bench.dump(own, out)), "ok");
        bench.reopen();
        ASSERT_EQ(said(bench.restore(backup("shop.archive"))), "ok");
        const std::string uri =
            "--uri=mongodb://172.17.0.2:27017/?serverSelectionTimeoutMS=10000&connectTimeoutMS="
            "10000" +
            std::string(mode == "remote" ? "&directConnection=true" : "");
        for (const char* name : {"mongodump", "mongorestore"}) {
            const Words words = last(name);
            EXPECT_EQ(std::count(words.begin(), words.end(), uri), 1) << name;
            for (const auto& word : words) EXPECT_EQ(word.find("s3cr3t"), word.npos) << word;
        }
        EXPECT_EQ(noted("home"), (mode == "remote" ? bench.host.temp_dir() : "/tmp") + "\n");
    }
}

TEST_F(MongodbEngineTest, OnAMachineWithoutToolsSaysSo) {
    bench.host.config["mode"] = "remote";
    const auto planned = bench.plan(plan);
    ASSERT_FALSE(planned);
    EXPECT_EQ(planned.error().message, "no 'mongodump' on this machine");
    EXPECT_NE(planned.error().hint.find("install the MongoDB Database Tools here"),
              std::string::npos);
    mongodump();
    ASSERT_EQ(said(bench.plan(plan)), "ok");
    EXPECT_NE(plan.notes.at(1).find("this machine has neither mongosh nor mongo"),
              std::string::npos);
}

TEST_F(MongodbEngineTest, RefusesTheEmptyArchiveOfADatabaseThatIsNotThere) {
    const auto empty = kMagicBytes + header() + kTerminatorBytes;
    EXPECT_EQ(bench.validate("nosuch.archive", "", empty).error().code, Code::not_found);
    EXPECT_EQ(said(bench.validate("shop.archive", "", sample())), "ok");
    EXPECT_EQ(said(bench.validate("@all.archive", "", sample(), true)), "ok");
    EXPECT_EQ(bench.validate("shop.archive", "", "").error().code, Code::truncated)
        << "--collection of none writes nothing";
    EXPECT_EQ(bench.validate("shop.sql", "", sample()).error().code, Code::unsupported);
}

// What mongosh would answer; the sample has 20 documents of each collection.
std::string answer(const std::string& set, const char* deleted, int orders) {
    return "echo 'baktainer {\"version\":\"7.0.77\",\"set\":\"" + set +
           "\",\"deleted\":" + deleted +
           ",\"databases\":[{\"name\":\"shop\",\"bytes\":4096,\"collections\":[[\"orders\"," +
           std::to_string(orders) + "]]}]}'";
}

TEST_F(MongodbEngineTest, RefusesAWholeArchiveThatLacksDocuments) {
    mongodump();
    login();
    bench.host.config["db.name"] = "shop";
    const auto run = [&](const std::string& shell) -> Status {
        tool("mongosh",
             "case \"$*\" in *countDocuments*) echo baktainer 30; exit;; esac\n" + shell);
        testing::MemoryPlan own;
        testing::MemoryPartsOut out(own);
        bench.reopen();
        BKT_TRY(bench.plan(own));
        // As the host does: the part's validator, asked of this very instance.
        BKT_TRY(bench.validate("shop.archive", "", sample()));
        return bench.dump(own, out);
    };
    EXPECT_EQ(said(run(answer("", "0", 20))), "ok");
    const auto lacking = run(answer("", "0", 30));
    ASSERT_FALSE(lacking);
    EXPECT_EQ(lacking.error().code, Code::truncated);
    EXPECT_EQ(lacking.error().message,
              "the archive holds 20 documents of 'shop.orders', the server 30");
    EXPECT_EQ(said(run(answer("", "null", 30))), "ok");
    EXPECT_NE(bench.host.log_lines.back().find("holds 20 documents"), std::string::npos);

    const auto shell = last("mongosh");
    EXPECT_EQ(Words(shell.begin(), shell.begin() + 5),
              (Words{"mongosh", "--nodb", "--quiet", "--norc", "--eval"}));
    for (const auto& word : shell) EXPECT_EQ(word.find("s3cr3t"), word.npos);
}

TEST_F(MongodbEngineTest, ChecksThatADatabaseIsThereWhereItCanAsk) {
    mongodump();
    tool("mongosh", answer("", "0", 20));
    bench.host.config["db.name"] = "shop,nosuch";
    const auto planned = bench.plan(plan);
    ASSERT_FALSE(planned);
    EXPECT_EQ(planned.error().code, Code::not_found);
    EXPECT_EQ(planned.error().message, "there is no database 'nosuch'; the server has 'shop'");
}

// Before a restore in place what is gone is left out, if it is gone and not only hidden from the user.
TEST_F(MongodbEngineTest, SavesWhatIsLeftBeforeARestoreOnlyWhereItSeesAll) {
    mongodump();
    const auto seen = [&](testing::MemoryPlan& own, const std::string& all,
                          const std::string& version) {
        tool("mongosh", "echo 'baktainer {\"all\":" + all + ",\"version\":\"" + version +
                            "\",\"set\":\"\",\"deleted\":0,\"databases\":[{\"name\":\"shop\","
                            "\"bytes\":4096,\"collections\":[[\"orders\",20]]}]}'");
        bench.reopen();
        return bench.plan(own);
    };
    testing::MemoryPlan hidden, old, none, backup;
    bench.host.config["restore.safety"] = "true";
    bench.host.config["db.name"] = "shop,nosuch";
    EXPECT_EQ(seen(hidden, "false", "7.0.77").error().code, Code::not_found);
    EXPECT_EQ(seen(old, "true", "4.0.3").error().code, Code::not_found);
    ASSERT_EQ(said(seen(plan, "true", "7.0.77")), "ok");
    EXPECT_EQ(plan.parts.size(), 1u);
    EXPECT_EQ(plan.gone, std::vector<std::string>{"database 'nosuch'"});
    ASSERT_EQ(said(bench.validate("shop.archive", "", sample())), "ok");
    ASSERT_EQ(said(bench.dump(plan, parts)), "ok");
    EXPECT_TRUE(parts.complete());
    bench.host.config["db.name"] = "nosuch";
    ASSERT_EQ(said(seen(none, "true", "7.0.77")), "ok");
    EXPECT_TRUE(none.parts.empty()) << "nothing is there to save";
    bench.host.config.erase("restore.safety");
    EXPECT_EQ(seen(backup, "true", "7.0.77").error().code, Code::not_found);
}

TEST_F(MongodbEngineTest, TakesTheOplogOfAReplicaSetOnly) {
    mongodump();
    tool("mongosh", answer("rs0", "0", 20));
    ASSERT_EQ(said(dump()), "ok");
    EXPECT_EQ(last("mongodump"), (Words{"mongodump", "--archive", "--oplog", kUri}));
    EXPECT_TRUE(plan.parts.contains("@all-oplog.archive"));
    EXPECT_EQ(plan.consistency, BKT_CONSISTENCY_SNAPSHOT);
    EXPECT_EQ(parts.facts["replica_set"], "rs0");

    bench.reopen();
    bench.host.config["db.oplog"] = "true";
    tool("mongosh", answer("", "0", 20));
    testing::MemoryPlan standalone;
    EXPECT_EQ(bench.plan(standalone).error().code, Code::unsupported);
}

TEST_F(MongodbEngineTest, RestoresIntoWhatIsEmptyOnlyUnlessItMayReplace) {
    mongodump();
    mongorestore();
    login();
    const auto refused = bench.restore(backup("shop.archive"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::exists);
    EXPECT_EQ(noted("restored"), "");

    bench.host.config["restore.clean"] = "true";
    ASSERT_EQ(said(bench.restore(backup("shop.archive"))), "ok");
    EXPECT_EQ(last("mongorestore"),
              (Words{"mongorestore", "--archive", "--stopOnError", "--drop", kUri,
                     "--username=root", "--authenticationDatabase=admin"}));
    EXPECT_EQ(noted("restored"), sample());
    EXPECT_EQ(noted("line"), std::string(kPassword) + "\n");
    for (const auto& r : bench.host.requests) {
        EXPECT_NE(r.argv.front(), "sh");
        for (const auto& word : r.argv) EXPECT_EQ(word.find("s3cr3t"), word.npos) << word;
        EXPECT_TRUE(r.argv.front() != "mongorestore" || r.env.empty());
    }
    EXPECT_NE(bench.host.log_lines.at(0).find("no mongo shell"), std::string::npos);
}

TEST_F(MongodbEngineTest, RestoresWithNoPasswordThatCannotBeALine) {
    mongodump();
    mongorestore();
    login();
    bench.host.config["restore.clean"] = "true";
    for (const std::string password : {"a\nb", "a\rb", "a\x7f", "a\b"}) {
        bench.host.secrets["db.password"] = password;
        const auto refused = bench.restore(backup("shop.archive"));
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, Code::unsupported);
        EXPECT_TRUE(last("mongorestore").size() == 2) << "--version alone";
    }
    // Nobody would read the line of a login without a name.
    bench.host.secrets["db.password"] = kPassword;
    bench.host.config["db.user"] = "";
    ASSERT_EQ(said(bench.restore(backup("shop.archive"))), "ok");
    EXPECT_EQ(noted("restored"), sample());
}

TEST_F(MongodbEngineTest, RestoresUnderAnotherName) {
    mongorestore();
    bench.host.config["restore.clean"] = "true";
    mongodump();
    bench.host.config["restore.database"] = "new";
    ASSERT_EQ(said(bench.restore(backup("a%2Ab.archive"))), "ok");
    EXPECT_EQ(last("mongorestore"), (Words{"mongorestore", "--archive", "--stopOnError", "--drop",
                                           "--nsFrom=a\\*b.*", "--nsTo=new.*", kUri}));
    EXPECT_EQ(bench.restore(backup("@all.archive")).error().code, Code::unsupported);
    bench.host.config["restore.database"] = "a.b";
    EXPECT_EQ(bench.restore(backup("shop.archive")).error().code, Code::invalid);
}

TEST_F(MongodbEngineTest, RestoresTheOplogWithItsArchive) {
    mongodump();
    mongorestore();
    bench.host.config["restore.clean"] = "true";
    ASSERT_EQ(said(bench.restore(backup("@all-oplog.archive"))), "ok");
    EXPECT_EQ(last("mongorestore"), (Words{"mongorestore", "--archive", "--stopOnError", "--drop",
                                           "--oplogReplay", kUri}));
}

}  // namespace
}  // namespace bkt::mongodb
