// What goes wrong with a dump on a real server, and that each is told, never published.
#include "tests/integration/plugins/engines/postgres/fixture.hpp"

namespace bkt::postgres {
namespace {

using test::said;

struct Failure : PostgresTest {
    testing::MemoryPlan plan;
    testing::MemoryPartsOut parts{plan};

    void expect_failure(const Status& status, Code code, const std::string& words) {
        ASSERT_FALSE(status);
        EXPECT_EQ(code_name(status.error().code), code_name(code));
        EXPECT_NE(status.error().message.find(words), std::string::npos) << status.error().message;
        EXPECT_FALSE(status.error().hint.empty()) << status.error().message;
        EXPECT_FALSE(parts.complete());
    }
};

TEST_F(Failure, ATableTheUserMayNotRead) {
    server->sql("postgres",
                "CREATE ROLE app LOGIN; CREATE TABLE a AS SELECT generate_series(1, 10000);"
                "GRANT SELECT ON a TO app; CREATE TABLE z(secret text);");
    bench.host.config = {{"db.user", "app"}, {"db.name", "postgres"}};
    ASSERT_EQ(said(bench.plan(plan)), "ok");
    EXPECT_EQ(plan.notes.size(), 2u);  // no passwords, no pg_read_all_data
    expect_failure(bench.dump(plan, parts), Code::denied, "permission denied for table z");
    EXPECT_TRUE(parts.parts.at("globals.sql")->finished);
    EXPECT_FALSE(parts.parts.at("postgres.dump")->finished);
}

TEST_F(Failure, NotWithARoleThatMayReadAll) {
    if (std::stoi(server->sql("postgres", "SHOW server_version_num")) < 140000) GTEST_SKIP();
    server->sql("postgres",
                "CREATE ROLE app LOGIN IN ROLE pg_read_all_data; CREATE TABLE z(secret text);");
    bench.host.config = {{"db.user", "app"}, {"db.name", "postgres"}};
    dump_ok(plan, parts);
    EXPECT_EQ(parts.text("globals.sql").find("SCRAM"), std::string::npos);
}

TEST_F(Failure, AnUnknownDatabaseIsNamedWithThoseThatExist) {
    server->sql("postgres", "CREATE DATABASE orders");
    bench.host.config["db.name"] = "ordres";
    expect_failure(bench.plan(plan), Code::not_found, "'orders', 'postgres'");
}

TEST_F(Failure, AnUnknownUser) {
    bench.host.config["db.user"] = "nobody here";
    expect_failure(bench.plan(plan), Code::not_found, "nobody here");
}

TEST_F(Failure, AWrongPasswordIsToldAndNowhereToBeSeen) {
    const test::PostgresServer strict("scram-sha-256");
    strict.sql("postgres", "ALTER ROLE postgres PASSWORD 'right-one'");
    connect(bench, strict);
    bench.host.config["db.host"] = "127.0.0.1";
    expect_failure(bench.plan(plan), Code::denied, "no password supplied");
    bench.reopen();
    bench.host.secrets["db.password"] = "wr0ng-secret";
    expect_failure(bench.plan(plan), Code::denied, "password authentication failed");
    bench.reopen();
    bench.host.secrets["db.password"] = "right-one";
    testing::MemoryPlan good;
    testing::MemoryPartsOut whole(good);
    dump_ok(good, whole);
    for (const auto& request : bench.host.requests)
        for (const auto& word : request.argv) {
            EXPECT_EQ(word.find("right-one"), std::string::npos);
            EXPECT_EQ(word.find("wr0ng-secret"), std::string::npos);
        }
    for (const auto& [key, value] : whole.facts)
        EXPECT_EQ(value.find("right-one"), std::string::npos);
    for (const auto& line : bench.host.log_lines)
        EXPECT_EQ(line.find("right-one"), std::string::npos);
}

TEST_F(Failure, AServerThatIsNotThere) {
    server->stop();
    expect_failure(bench.plan(plan), Code::unavailable, "connection to server");
}

TEST_F(Failure, AServerKilledMidway) {
    server->sql("postgres",
                "CREATE TABLE a AS SELECT g, repeat('x', 1000) FROM generate_series(1, 50000) g");
    ASSERT_EQ(said(bench.plan(plan)), "ok");
    bool stopped = false;
    const auto exec = bench.host.exec;
    bench.host.exec = [&](Call& c, const ExecRequest& r) {
        if (r.argv.front() != "pg_dump" || !r.out) return exec(c, r);
        // A sink in between that stops the server after its first megabyte.
        struct Between {
            const bkt_sink* next;
            test::PostgresServer& server;
            bool& stopped;
            std::uint64_t seen = 0;
            static bkt_rc write(const bkt_sink* s, const void* p, std::uint64_t n) noexcept {
                auto& self = *static_cast<Between*>(s->ctx);
                if ((self.seen += n) > (1 << 20) && !self.stopped) {
                    self.server.stop("immediate");
                    self.stopped = true;
                }
                return self.next->write(self.next, p, n);
            }
        } between{r.out->raw(), *server, stopped};
        const bkt_sink sink{sizeof sink, 0, &between, &Between::write, nullptr, nullptr};
        ExecRequest tapped = r;
        tapped.out.emplace(&sink);
        return exec(c, tapped);
    };
    const Status done = bench.dump(plan, parts);
    ASSERT_TRUE(stopped);
    ASSERT_FALSE(done);
    EXPECT_NE(done.error().message.find("pg_dump"), std::string::npos);
    EXPECT_FALSE(parts.complete());
    EXPECT_NE(said(bench.validate("postgres.dump", "application/vnd.postgresql.custom",
                                  parts.text("postgres.dump"))),
              "ok");
}

TEST_F(Failure, AStoreThatIsFullAtAnyByte) {
    server->sql("postgres",
                "CREATE TABLE a AS SELECT g, repeat('x', 100) FROM generate_series(1, 5000) g");
    ASSERT_EQ(said(bench.plan(plan)), "ok");
    for (const std::uint64_t at : {0, 1, 200'000}) {
        testing::MemoryPartsOut out(plan);
        out.fail_at_byte["postgres.dump"] = at;
        EXPECT_EQ(bench.dump(plan, out).error().code, Code::no_space);
        EXPECT_FALSE(out.parts.at("postgres.dump")->sink.written_after_failure);
        EXPECT_FALSE(out.complete());
    }
}

// A wrapper in the image that loses bytes and says all is well: exit code 0, counts that agree.
TEST_F(Failure, AToolThatLosesBytesAndSaysNothing) {
    server->sql("postgres",
                "CREATE TABLE a AS SELECT generate_series(1, 100); CREATE TABLE b AS SELECT 1");
    bench.host.exec = [exec = bench.host.exec](Call& c, const ExecRequest& r) {
        if (r.argv.front() != "pg_dump" || !r.out) return exec(c, r);
        ExecRequest cut = r;
        cut.argv = {"sh", "-c", "\"$@\" | head -c 2000", "sh"};
        cut.argv.insert(cut.argv.end(), r.argv.begin(), r.argv.end());
        return exec(c, cut);
    };
    for (const std::string format : {"custom", "plain"}) {
        bench.host.config["db.format"] = format;
        testing::MemoryPlan p;
        testing::MemoryPartsOut out(p);
        ASSERT_EQ(said(bench.plan(p)), "ok");
        ASSERT_EQ(said(bench.dump(p, out)), "ok");
        const std::string name = format == "custom" ? "postgres.dump" : "postgres.sql";
        const Status judged = bench.validate(name, p.parts.at(name).media_type, out.text(name));
        ASSERT_FALSE(judged);
        EXPECT_EQ(judged.error().code, Code::truncated);
        bench.reopen();
    }
}

TEST_F(Failure, ACancelEndsTheToolToo) {
    server->sql("postgres",
                "CREATE TABLE a AS SELECT g, repeat('x', 1000) FROM generate_series(1, 50000) g");
    ASSERT_EQ(said(bench.plan(plan)), "ok");
    const auto exec = bench.host.exec;
    bench.host.exec = [&](Call& c, const ExecRequest& r) {
        if (r.argv.front() == "pg_dump" && r.out) bench.call.cancel();
        return exec(c, r);
    };
    EXPECT_EQ(bench.dump(plan, parts).error().code, Code::cancelled);
    EXPECT_FALSE(parts.complete());
    EXPECT_EQ(
        server->sql("postgres",
                    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'baktainer'"),
        "0\n");
}

}  // namespace
}  // namespace bkt::postgres
