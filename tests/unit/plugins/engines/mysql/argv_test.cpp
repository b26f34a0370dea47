// What the tools are called with: by a server that is played here, statement for statement.
#include <gtest/gtest.h>

#include <algorithm>
#include <mutex>
#include <set>

#include "plugins/engines/mysql/mysql_engine.hpp"
#include "plugins/engines/mysql/parts.hpp"
#include "tests/support/engine_bench.hpp"

namespace bkt::mysql {
namespace {

using test::said;
using Words = std::vector<std::string>;

constexpr const char* kPassword = "s3cret";
constexpr const char* kDump = "-- MySQL dump 10.13\n\n-- Dump completed on 2026-01-01 00:00:00\n";

// A MySQL with the databases given, each "name<TAB>bytes<TAB>tables that are not InnoDB".
struct PlayedServer {
    Words databases{"shop\t4096\t0"};
    std::string rights = "global\tSELECT\nglobal\tTRIGGER\naccounts\t1\n";
    std::string tables;       // to the question for tables, views and keys
    std::string probe_error;  // to the question for a table that is not there
    std::string missing_tool, tool_version = "  Ver 9.7.4-2 for Linux on x86_64\n";
    std::string dump = kDump;
    int dump_exit = 0;
    std::string dump_stderr;
    Words statements;
    bool gives_lock = true;
    std::mutex mutex;

    Result<ExecOutcome> run(const ExecRequest& r) {
        std::string sql, answer;
        std::array<std::byte, 4096> chunk;
        while (r.in) {
            const auto n = r.in->read(chunk);
            if (!n || *n == 0) break;
            sql += as_text({chunk.data(), *n});
            // Who holds the lock waits for the answer before it says more.
            for (const std::string_view word : {"held", "free"})
                if (sql.ends_with("SELECT '" + std::string(word) + "';\n")) {
                    if (!gives_lock) return ExecOutcome{1, 0, 0, 0, "ERROR 1205 (HY000): Lock\n"};
                    EXPECT_TRUE(r.out->write(as_bytes(std::string(word) + "\n")));
                }
        }
        if (!sql.empty()) {
            const std::lock_guard lock(mutex);
            statements.push_back(sql);
        }
        if (r.argv.front() == missing_tool) return ExecOutcome{127, 0, 0, 0, "not found\n"};
        if (r.argv.back() == "--version") answer = r.argv.front() + tool_version;
        else if (r.argv.front() == "mysqldump") answer = dump.empty() ? dump_of(r.argv) : dump;
        else if (sql.find("'server'") != sql.npos) answer = about();
        else if (sql.find("information_schema.VIEWS") != sql.npos) answer = tables;
        else if (sql.find("SHOW BINARY LOG STATUS") != sql.npos)
            answer = "gtid\tuuid:1-6,\\nuuid2:1\nbinlog.000002\t157\t\t\t\n";
        else if (sql.starts_with("SELECT 1 FROM")) return ExecOutcome{1, 0, 0, 0, probe_error};
        if (r.out) {
            EXPECT_TRUE(r.out->write(as_bytes(answer)));
        }
        const bool dumps = r.argv.front() == "mysqldump" && r.argv.back() != "--version";
        return ExecOutcome{dumps ? dump_exit : 0, 0, 0, answer.size(), dumps ? dump_stderr : ""};
    }
    static std::string dump_of(const Words& argv) {
        std::string text = "-- MySQL dump 10.13\n";
        for (auto at = std::find(argv.begin(), argv.end(), "--") + 1; at != argv.end(); ++at)
            text += "-- Current Database: `" + *at + "`\n";
        return text + "/*!1 SET X=@OLD_X */;\n-- Dump completed\n";
    }
    std::string about() const {
        std::string rows = "server\t9.7.4-2\troot@localhost\n";
        for (const auto& d : databases) rows += "database\t" + d.substr(0, d.find('\t')) + "\n";
        rows += rights;
        for (const auto& d : databases) rows += "size\t" + d + "\n";
        return rows;
    }
};

class Argv : public ::testing::Test {
protected:
    Argv() {
        bench.host.secrets["db.password"] = kPassword;
        bench.host.exec = [this](Call&, const ExecRequest& r) { return server.run(r); };
    }
    const ExecRequest& dump_request() {
        const auto& all = bench.host.requests;
        const auto at = std::find_if(all.rbegin(), all.rend(), [](const auto& r) {
            return r.argv.front() == "mysqldump" && r.argv.back() != "--version";
        });
        EXPECT_NE(at, all.rend());
        return *at;
    }
    PlayedServer server;
    test::EngineBench<MysqlEngine> bench;
    testing::MemoryPlan plan;
};

TEST_F(Argv, HoldsADatabasesNameBehindTheOptionsAndThePasswordNowhere) {
    for (const std::string name : {"shop", "--result-file=/tmp/x", "-dash d", "$(reboot)", "a`b"}) {
        SCOPED_TRACE(name);
        server.databases = {name + "\t1\t0"};
        bench.reopen();
        testing::MemoryPlan fresh;
        ASSERT_EQ(said(bench.plan(fresh)), "ok");
        testing::MemoryPartsOut out(fresh);
        ASSERT_EQ(said(bench.dump(fresh, out)), "ok");
        EXPECT_EQ(out.text(database_part(name)), kDump);
        EXPECT_EQ(dump_request().argv,
                  (Words{"mysqldump", "--user=root", "--host=localhost", "--single-transaction",
                         "--quick", "--routines", "--events", "--triggers", "--hex-blob",
                         "--default-character-set=utf8mb4", "--max-allowed-packet=1G",
                         "--set-gtid-purged=OFF", "--databases", "--", name}));
        EXPECT_EQ(out.facts["gtid_before"], "uuid:1-6,uuid2:1");
        EXPECT_EQ(out.facts["binlog_before"], "binlog.000002:157");
    }
    for (const auto& request : bench.host.requests) {
        for (const auto& word : request.argv) EXPECT_EQ(word.find(kPassword), word.npos) << word;
        const bool asks = request.argv.back() != "--version";
        const Words& env = request.env;
        EXPECT_EQ(std::count(env.begin(), env.end(), std::string("MYSQL_PWD=") + kPassword), asks);
    }
}

TEST_F(Argv, IsOfTheToolThatIsThere) {
    server.missing_tool = "mysql";
    ASSERT_EQ(said(bench.plan(plan)), "ok");
    const auto& all = bench.host.requests;
    EXPECT_TRUE(std::any_of(all.begin(), all.end(), [](const auto& r) {
        return r.argv.front() == "mariadb" && r.argv.back() != "--version";
    }));
}

TEST_F(Argv, IsOfNoToolOfTheOtherServer) {
    server.tool_version = " from 11.8.9-MariaDB, client 10.20 for debian-linux-gnu\n";
    const Status planned = bench.plan(plan);
    ASSERT_FALSE(planned);
    EXPECT_EQ(planned.error().code, Code::unsupported);
    EXPECT_NE(planned.error().message.find("the server is MySQL"), std::string::npos)
        << said(planned);
}

// What this machine keeps for its own logins is not offered to a server that a label names.
TEST_F(Argv, OnThisMachineReadsNobodysOptionFiles) {
    bench.host.secrets.clear();
    for (const std::string mode : {"exec", "remote"}) {
        bench.host.config["mode"] = mode;
        bench.reopen();
        testing::MemoryPlan fresh;
        ASSERT_EQ(said(bench.plan(fresh)), "ok");
        const auto& all = bench.host.requests;
        const auto asked = std::find_if(all.rbegin(), all.rend(),
                                        [](const auto& r) { return r.argv.back() != "--version"; });
        ASSERT_NE(asked, all.rend());
        EXPECT_EQ(std::count(asked->env.begin(), asked->env.end(), "HOME=/nonexistent"),
                  mode == "remote");
    }
}

TEST(Plan, SaysWhatIsNotSavedAsOneState) {
    PlayedServer server;
    server.databases = {"a\t1\t0", "b\t1\t3", "c\t1\t0"};
    test::EngineBench<MysqlEngine> bench;
    bench.host.exec = [&](Call&, const ExecRequest& r) { return server.run(r); };
    bench.host.config["db.name"] = "a,b";
    testing::MemoryPlan plan;
    ASSERT_EQ(said(bench.plan(plan)), "ok");
    EXPECT_EQ(plan.consistency, BKT_CONSISTENCY_NONE);
    std::string notes;
    for (const auto& note : plan.notes) notes += note + "\n";
    EXPECT_NE(notes.find("'b' has 3 tables of engines without transactions"), notes.npos) << notes;
    EXPECT_NE(notes.find("the server also has 'c'"), notes.npos) << notes;
    EXPECT_NE(notes.find("not with the others"), notes.npos) << notes;
}

std::string all_of(const Words& lines) {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    return text;
}

constexpr const char* kTables =
    "table\tshop\torders\t100\t0\ntable\tshop\t-f $(x)\t20\t1\ntable\tshop\tcache_a\t3000\t0\n"
    "table\tshop\tcache.b\t4000\t0\ntable\tshop\ttotals\t0\t0\n"
    "needs\tshop\ttotals\tselect 1 from `shop`.`orders`\n"
    "needs\tshop\tcache_a\tnextval(`shop`.`cache.b`)\n"
    "key\tshop\torders\tshop\tcache_a\n";

TEST_F(Argv, LeavesOutTablesByTheirRealNames) {
    server.tables = kTables;
    bench.host.config["db.exclude"] = "cache*,shop.-f*";
    ASSERT_EQ(said(bench.plan(plan)), "ok");
    const auto part = database_part("shop", Holds::some_tables);
    ASSERT_TRUE(plan.parts.contains(part));
    EXPECT_EQ(plan.parts[part].estimate_bytes, 100u);
    EXPECT_EQ(plan.consistency, BKT_CONSISTENCY_TRANSACTIONAL)
        << "what has no transactions is left out";
    const auto notes = all_of(plan.notes);
    EXPECT_NE(notes.find("left out of database 'shop' by 'db.exclude': 3 of 5 tables and views, "
                         "'-f $(x)', 'cache_a', 'cache.b'"),
              notes.npos)
        << notes;
    EXPECT_NE(notes.find("'shop.orders' refers to 'shop.cache_a'"), notes.npos) << notes;
    testing::MemoryPartsOut out(plan);
    ASSERT_EQ(said(bench.dump(plan, out)), "ok");
    EXPECT_TRUE(out.complete());
    const Words words = dump_request().argv;
    const Words end(words.end() - 7, words.end());
    EXPECT_EQ(end, (Words{"--set-gtid-purged=OFF", "--ignore-table=shop.-f $(x)",
                          "--ignore-table=shop.cache_a", "--ignore-table=shop.cache.b",
                          "--databases", "--", "shop"}));
}

TEST_F(Argv, TakesTheTablesIncludedAndNoOtherDatabase) {
    server.databases = {"blog\t1\t0", "shop\t1\t0"};
    server.tables = std::string(kTables) + "table\tblog\tpost\t1\t0\n";
    bench.host.config["db.include"] = "orders";
    ASSERT_EQ(said(bench.plan(plan)), "ok");
    EXPECT_TRUE(plan.parts.contains("shop.partial-sql"));
    EXPECT_FALSE(plan.parts.contains("blog.partial-sql"));
    EXPECT_NE(all_of(plan.notes).find("database 'blog' is left out whole"), std::string::npos);
    testing::MemoryPartsOut out(plan);
    ASSERT_EQ(said(bench.dump(plan, out)), "ok");
    const Words& words = dump_request().argv;
    EXPECT_EQ(std::count_if(words.begin(), words.end(),
                            [](const auto& w) { return w.starts_with("--ignore-table="); }),
              4);
}

TEST_F(Argv, HasSchemaOrRowsAlone) {
    const struct {
        const char *only, *part;
        Words words, never;
    } kCases[] = {
        {"schema", "shop.schema-sql", {"--no-data", "--routines", "--triggers"}, {}},
        {"data",
         "shop.rows-sql",
         {"--no-create-info", "--skip-triggers"},
         {"--routines", "--events", "--triggers", "--no-data"}},
    };
    for (const auto& c : kCases) {
        SCOPED_TRACE(c.only);
        bench.host.config["db.only"] = c.only;
        bench.reopen();
        testing::MemoryPlan fresh;
        ASSERT_EQ(said(bench.plan(fresh)), "ok");
        EXPECT_EQ(fresh.parts.contains("accounts.sql"), std::string(c.only) == "schema");
        EXPECT_NE(all_of(fresh.notes).find("'db.only' is '" + std::string(c.only)),
                  std::string::npos);
        testing::MemoryPartsOut out(fresh);
        const Status dumped = bench.dump(fresh, out);
        EXPECT_EQ(out.text(c.part), kDump) << said(dumped);
        const Words& words = dump_request().argv;
        for (const auto& word : c.words)
            EXPECT_EQ(std::count(words.begin(), words.end(), word), 1) << word;
        for (const auto& word : c.never)
            EXPECT_EQ(std::count(words.begin(), words.end(), word), 0) << word;
    }
}

struct NoChoice {
    const char* name;
    std::map<std::string, std::string> config;
    const char *verdict, *words;
};
const NoChoice kNoChoices[] = {
    {"a pattern that matches nothing",
     {{"db.include", "orders,nowhere*"}},
     "not_found",
     "'nowhere*'"},
    {"a name in other letters", {{"db.exclude", "Orders"}}, "not_found", "'shop.orders'"},
    {"a database that is not asked for", {{"db.exclude", "blog.*"}}, "not_found", "'blog.*'"},
    {"nothing is left", {{"db.exclude", "*"}}, "not_found", "no table is left"},
    {"nothing is left of what is included",
     {{"db.include", "orders"}, {"db.exclude", "shop.o*"}},
     "not_found",
     "by 'db.include' and 'db.exclude'"},
    {"a view of what is left out",
     {{"db.exclude", "orders"}},
     "conflict",
     "'shop.totals' reads 'shop.orders'"},
    {"a view of what is not included", {{"db.include", "totals"}}, "conflict", "could not be"},
    {"rows of it need no view", {{"db.exclude", "orders"}, {"db.only", "data"}}, "ok", ""},
    {"a default out of a sequence left out",
     {{"db.exclude", "cache.b,shop.cache.b"}},
     "not_found",
     "'cache.b'"},
    {"a default out of a sequence that is left out",
     {{"db.exclude", "shop.cache.b"}},
     "conflict",
     "'shop.cache_a' reads 'shop.cache.b'"},
    {"the view left out too", {{"db.exclude", "orders,totals"}}, "ok", ""},
};

TEST_F(Argv, IsNotReachedByAChoiceThatIsNone) {
    server.databases = {"blog\t1\t0", "shop\t1\t0"};
    server.tables = std::string(kTables) + "table\tblog\tpost\t1\t0\n";
    bench.host.config["db.name"] = "shop";
    for (const auto& c : kNoChoices) {
        SCOPED_TRACE(c.name);
        for (const char* key : {"db.include", "db.exclude", "db.only"})
            bench.host.config.erase(key);
        for (const auto& [key, value] : c.config) bench.host.config[key] = value;
        bench.reopen();
        testing::MemoryPlan fresh;
        const Status planned = bench.plan(fresh);
        EXPECT_EQ(planned ? "ok" : std::string(code_name(planned.error().code)), c.verdict)
            << said(planned);
        if (planned) continue;
        EXPECT_NE(planned.error().message.find(c.words), std::string::npos) << said(planned);
        EXPECT_FALSE(planned.error().hint.empty());
    }
}

TEST_F(Argv, DoesNotGrowBeyondWhatASystemTakes) {
    for (int i = 0; i < 20'000; ++i)
        server.tables += "table\tshop\t" + std::string(50, 'w') + std::to_string(i) + "\t1\t0\n";
    server.tables += "table\tshop\torders\t1\t0\n";
    bench.host.config["db.include"] = "orders";
    const Status planned = bench.plan(plan);
    ASSERT_FALSE(planned);
    EXPECT_EQ(planned.error().code, Code::unsupported) << said(planned);
}

// Four databases, two tools: each names its share, and the lock is asked for once.
TEST_F(Argv, NamesTheDatabasesOfAShare) {
    server.databases = {"a\t40\t0", "b\t30\t0", "-c\t20\t0", "d\t10\t0"};
    server.rights += "global\tRELOAD\n";
    server.dump.clear();
    bench.host.config["parallel"] = "2";
    for (const bool gives_lock : {true, false}) {
        SCOPED_TRACE(gives_lock);
        server.gives_lock = gives_lock;
        server.statements.clear();
        bench.host.requests.clear();
        bench.reopen();
        testing::MemoryPlan fresh;
        ASSERT_EQ(said(bench.plan(fresh)), "ok");
        EXPECT_NE(all_of(fresh.notes).find("4 databases of one moment, dumped by 2 processes"),
                  std::string::npos)
            << all_of(fresh.notes);
        EXPECT_EQ(all_of(fresh.notes).find("not with the others"), std::string::npos);
        testing::MemoryPartsOut out(fresh);
        ASSERT_EQ(said(bench.dump(fresh, out)), "ok");
        EXPECT_TRUE(out.complete());
        EXPECT_EQ(out.text("a.sql").find("`-c`"), std::string::npos);
        std::set<Words> named;
        for (const auto& request : bench.host.requests)
            if (const auto& words = request.argv; words[0] == "mysqldump" && words.size() > 3)
                named.insert({std::find(words.begin(), words.end(), "--databases"), words.end()});
        const std::string list = "--databases", end = "--";
        EXPECT_EQ(
            named,
            gives_lock
                ? (std::set<Words>{{list, end, "a", "d"}, {list, end, "b", "-c"}})
                : (std::set<Words>{
                      {list, end, "a"}, {list, end, "b"}, {list, end, "-c"}, {list, end, "d"}}));
        EXPECT_EQ(out.facts.count("read_lock_ms"), gives_lock);
        EXPECT_EQ(out.facts.count("gtid"), gives_lock);
        EXPECT_EQ(out.facts.count("gtid_before"), !gives_lock);
        EXPECT_EQ(all_of(bench.host.log_lines).find("not saved as one moment") != std::string::npos,
                  !gives_lock);
        bench.host.log_lines.clear();
    }
}

struct Right {
    const char* name;
    const char* rights;
    const char* probe_error;
    const char* verdict;
};
const Right kRights[] = {
    {"rights on everything", "global\tSELECT\nglobal\tTRIGGER\naccounts\t1\n", "", "ok"},
    {"rights on the database", "triggers\tshop\n",
     "ERROR 1146 (42S02) at line 1: Table 'shop.x' doesn't exist\n", "ok"},
    {"a right on one table", "triggers\tshop\n",
     "ERROR 1142 (42000) at line 1: SELECT command denied to user 'weak'@'%' for table 'x'\n",
     "denied"},
    {"no right on the database", "triggers\tshop\n",
     "ERROR 1044 (42000) at line 1: Access denied for user 'weak'@'%' to database 'shop'\n",
     "denied"},
    {"no right to see triggers", "global\tSELECT\n", "", "denied"},
    {"rights by a role", "role\t`backup`@`%`\nglobal\tSELECT\n", "", "ok"},
    {"a server that goes away", "triggers\tshop\n",
     "ERROR 2013 (HY000): Lost connection to MySQL server\n", "unavailable"},
};

TEST_F(Argv, IsNotReachedWhereTheLoginWouldSeeHalf) {
    for (const auto& c : kRights) {
        SCOPED_TRACE(c.name);
        server.rights = c.rights;
        server.probe_error = c.probe_error;
        bench.reopen();
        testing::MemoryPlan fresh;
        const Status planned = bench.plan(fresh);
        EXPECT_EQ(planned ? "ok" : std::string(code_name(planned.error().code)), c.verdict)
            << said(planned);
    }
}

TEST_F(Argv, OfAFailedToolIsNoDump) {
    server.dump_exit = 3;
    server.dump_stderr =
        "mysqldump: Error 2013: Lost connection to MySQL server during query when dumping table "
        "`t`\n";
    ASSERT_EQ(said(bench.plan(plan)), "ok");
    testing::MemoryPartsOut out(plan);
    const Status dumped = bench.dump(plan, out);
    ASSERT_FALSE(dumped);
    EXPECT_EQ(dumped.error().code, Code::unavailable);
}

TEST_F(Argv, ThatExitsWellButLeavesSomethingOutIsToldOf) {
    server.dump_stderr =
        "mysqldump: Error: 'Access denied; you need PROCESS' when trying to dump tablespaces\n";
    ASSERT_EQ(said(bench.plan(plan)), "ok");
    testing::MemoryPartsOut out(plan);
    ASSERT_EQ(said(bench.dump(plan, out)), "ok");
    const auto& lines = bench.host.log_lines;
    EXPECT_TRUE(std::any_of(lines.begin(), lines.end(), [](const auto& line) {
        return line.find("when trying to dump tablespaces") != line.npos;
    }));
}

}  // namespace
}  // namespace bkt::mysql
