#include "plugins/engines/postgres/restore.hpp"

#include <algorithm>
#include <array>

#include "baktainer/server_wait.hpp"
#include "plugins/engines/postgres/globals_filter.hpp"
#include "plugins/engines/postgres/late_keys.hpp"
#include "plugins/engines/postgres/parts.hpp"
#include "plugins/engines/postgres/plain_connect.hpp"
#include "plugins/engines/postgres/relations.hpp"
#include "plugins/engines/postgres/server.hpp"
#include "plugins/engines/postgres/timescale.hpp"

namespace bkt::postgres {
namespace {

constexpr int kForcedDropSince = 130000;
constexpr std::size_t kMaxSmallPartBytes = 64 << 10;
constexpr std::size_t kMaxPostDataBytes = 256 << 20;

// Nothing of a user's: no relation, function, type or schema outside the system's, no large object. What an
// extension brought is nobody's data: images make some in each new database. Row types, arrays and multiranges
// go with what they are made of.
constexpr const char* kIsEmptyQuery = R"sql(
WITH brought AS (SELECT classid, objid FROM pg_catalog.pg_depend WHERE deptype = 'e')
SELECT NOT EXISTS (SELECT 1 FROM pg_catalog.pg_largeobject_metadata)
   AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_namespace n
                   WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'public')
                     AND ('pg_catalog.pg_namespace'::pg_catalog.regclass, n.oid)
                         NOT IN (SELECT * FROM brought))
   AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_namespace n
                   JOIN (SELECT relnamespace, 'pg_catalog.pg_class'::pg_catalog.regclass, oid
                         FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
                         UNION ALL
                         SELECT pronamespace, 'pg_catalog.pg_proc'::pg_catalog.regclass, oid
                         FROM pg_catalog.pg_proc
                         UNION ALL
                         SELECT typnamespace, 'pg_catalog.pg_type'::pg_catalog.regclass, oid
                         FROM pg_catalog.pg_type
                         WHERE NOT (typtype = 'b' AND typcategory = 'A') AND typtype <> 'm'
                           AND (typrelid = 0 OR typrelid IN (SELECT oid FROM pg_catalog.pg_class
                                                             WHERE relkind = 'c')))
                        AS here(namespace, kind, object) ON here.namespace = n.oid
                   WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
                     AND (here.kind, here.object) NOT IN (SELECT * FROM brought))
)sql";

const std::string kFilledTableQuery =
    "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)"
    " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind = 'r' AND pg_catalog.pg_relation_size(c.oid) > 0 AND " +
    std::string(kIsUsers) + " ORDER BY 1 LIMIT 1";

constexpr const char* kForcedDrop = "DROP DATABASE IF EXISTS :\"db\" WITH (FORCE);\n";
constexpr const char* kDropAfterGoodbye =
    "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity"
    " WHERE datname = :'db' AND pid <> pg_catalog.pg_backend_pid();\n"
    "DROP DATABASE IF EXISTS :\"db\";\n";

Result<bool> answers(const Tools& tools, const std::string& host) {
    std::vector<std::string> argv{"pg_isready", "--quiet", "--timeout=5"};
    if (!host.empty()) argv.push_back("--host=" + host);
    if (!tools.settings().port.empty()) argv.push_back("--port=" + tools.settings().port);
    BKT_LET(const ExecResult r, tools.call().exec(argv).result());
    if (r.exit_code == 126 || r.exit_code == 127)
        return Error{Code::unsupported, "the target has no 'pg_isready'",
                     "use an image that holds PostgreSQL's client programs"};
    return r.exit_code == 0;
}

// One database of the backup and where it goes.
struct Job {
    std::string database, name;
    std::optional<DatabasePart> whole, schema;
    std::vector<DatabasePart> rows;
    std::optional<DatabasePart> timescale_from;
    std::optional<Timescale> timescale;  // what that part says
    bool same_name() const { return name == database; }
    // Then the database and its tables are there already.
    bool is_schema_alone() const { return schema && rows.empty(); }
    bool is_rows_alone() const { return !whole && !schema; }
};

// Makes a database as it was, with its owner and settings, and nothing in it: no schema can have so long a name.
constexpr const char* kNothingInIt =
    "--schema=nothing: only the database itself is made here, not what is in it";

// Code::corrupt where it is longer than such a part is.
Result<std::string> read_text(const Source& source) {
    std::array<std::byte, 4096> piece;
    std::string text;
    for (;;) {
        BKT_LET(const std::size_t n, source.read(piece));
        if (n == 0) return text;
        if (text.size() + n > kMaxSmallPartBytes)
            return Error{Code::corrupt, "a part is longer than such a part can be", {}};
        text += as_text({piece.data(), n});
    }
}

// A part of a piece that was left behind would be a database that lacks rows.
Status check_complete(const Job& job) {
    if (job.timescale_from && (!job.schema || job.rows.empty()))
        return Error{Code::not_found,
                     "TimescaleDB of '" + job.database + "' is restored with all of its parts only",
                     "restore all parts of the database"};
    if (job.rows.empty()) return {};
    const std::size_t count = job.rows.front().count;
    for (std::size_t n = 1; n <= count; ++n)
        if (std::none_of(job.rows.begin(), job.rows.end(),
                         [&](const DatabasePart& p) { return p.number == n && p.count == count; }))
            return Error{Code::not_found,
                         "part '" + data_part(job.database, n, count) +
                             "' is missing: the rows of '" + job.database + "' are in " +
                             std::to_string(count) + " parts",
                         "restore all parts of the database"};
    return {};
}

class Restorer final {
public:
    Restorer(const Tools& tools, PartsIn& in, Server server)
        : tools_(tools),
          in_(in),
          server_(std::move(server)),
          clean_(tools.call().config("restore.clean") == "true") {}

    Status run() {
        BKT_LET(auto jobs, plan_jobs());
        for (auto& job : jobs) BKT_TRY(check_timescale(job));
        // Everything that can be refused is refused before the first change.
        for (const auto& job : jobs) BKT_TRY(check_free(job));
        const auto names = in_.names();
        if (std::find(names.begin(), names.end(), kGlobalsPart) != names.end())
            BKT_TRY(restore_globals());
        for (const auto& job : jobs) {
            Status done = restore_database(job);
            if (!done) return std::move(done).error().within("restoring '" + job.name + "'");
            tools_.call().log_info("restored database '" + job.name +
                                   "'; run ANALYZE in it for the planner's sake");
        }
        return {};
    }

private:
    Result<std::vector<Job>> plan_jobs() {
        const std::string elsewhere = tools_.call().config("restore.database");
        if (!elsewhere.empty()) BKT_TRY(check_name("restore.database", elsewhere));
        std::vector<Job> jobs;
        for (const auto& name : in_.names()) {
            if (name == kGlobalsPart) continue;
            auto part = parse_database_part(name);
            if (!part)
                return Error{Code::unsupported, "part '" + name + "' is none of this engine's"};
            const auto same = [&](const Job& job) { return job.database == part->database; };
            auto job = std::find_if(jobs.begin(), jobs.end(), same);
            if (job == jobs.end())
                job = jobs.insert(job, Job{part->database,
                                           elsewhere.empty() ? part->database : elsewhere,
                                           {},
                                           {},
                                           {},
                                           {},
                                           {}});
            if (part->piece == Piece::whole) job->whole = *std::move(part);
            else if (part->piece == Piece::schema) job->schema = *std::move(part);
            else if (part->piece == Piece::timescale) job->timescale_from = *std::move(part);
            else job->rows.push_back(*std::move(part));
        }
        if (!elsewhere.empty() && jobs.size() > 1)
            return Error{Code::invalid,
                         "several databases cannot all be restored to '" + elsewhere + "'",
                         "restore one at a time"};
        for (const auto& job : jobs) BKT_TRY(check_complete(job));
        return jobs;
    }

    Status check_timescale(Job& job) {
        if (!job.timescale_from) return {};
        BKT_LET(const Source source, in_.open(job.timescale_from->part));
        BKT_LET(const std::string text, read_text(source));
        auto said = Timescale::parse(text);
        if (!said) return std::move(said).error().within("part '" + job.timescale_from->part + "'");
        job.timescale = *std::move(said);
        return job.timescale->check_offered(tools_, job.database);
    }

    Status check_free(const Job& job) {
        const std::string& name = job.name;
        if (job.is_rows_alone()) return check_takes_rows(name);
        if (job.is_schema_alone() && server_.find(name)) BKT_TRY(check_holds_no_rows(name));
        if (clean_ || !server_.find(name)) return {};
        BKT_LET(const auto answer, tools_.query(name, kIsEmptyQuery));
        if (!answer.empty() && answer.front() == "t") return {};
        return Error{
            Code::exists, "database '" + name + "' exists and is not empty",
            "restore in place with --confirm, which replaces it, or name another database"};
    }

    Status check_takes_rows(const std::string& name) {
        if (server_.find(name)) return check_holds_no_rows(name);
        return Error{Code::not_found,
                     "the backup holds rows alone, and there is no database '" + name + "'",
                     "make the database and its tables first"};
    }

    // Not even with "restore.clean": rows would be doubled, or replaced by none. A table that was emptied by
    // DELETE still has its size.
    Status check_holds_no_rows(const std::string& name) {
        BKT_LET(const auto filled, tools_.query(name, kFilledTableQuery));
        if (filled.empty()) return {};
        return Error{Code::exists,
                     "the backup holds no whole database, and table '" + filled.front() + "' of '" +
                         name + "' is not empty",
                     "TRUNCATE the tables first, or restore into another database"};
    }

    // Where DROP and CREATE DATABASE are said: not in the database they are about.
    Result<std::string> standing_outside(const std::string& name) {
        if (name == "postgres") return std::string("template1");
        return maintenance_database(tools_);
    }

    Status drop(const std::string& name) {
        BKT_LET(const std::string outside, standing_outside(name));
        return tools_.script(
            outside, server_.version_number >= kForcedDropSince ? kForcedDrop : kDropAfterGoodbye,
            {"db=" + name});
    }

    Status restore_globals() {
        BKT_LET(const std::string database, maintenance_database(tools_));
        BKT_LET(const auto roles,
                tools_.query(database, "SELECT rolname FROM pg_catalog.pg_roles"));
        BKT_LET(const auto spaces,
                tools_.query(database, "SELECT spcname FROM pg_catalog.pg_tablespace"));
        BKT_LET(const Source source, in_.open(kGlobalsPart));
        GlobalsFilter filter(source, {roles.begin(), roles.end()}, {spaces.begin(), spaces.end()});
        Exec psql =
            tools_.run("psql", {"--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-",
                                "--output=/dev/null", "--dbname=" + connection_string(database)});
        BKT_LET(const ExecResult r, psql.in(filter.source()).result());
        Status done = succeeded("psql", r);
        if (!done) return std::move(done).error().within("restoring roles (globals.sql)");
        return {};
    }

    // As the database was made, where the original can still be asked; else as this server does.
    Status create_like(const Job& job) {
        BKT_LET(const std::string outside, standing_outside(job.name));
        const bool original = server_.find(job.database) != nullptr;
        if (!original)
            tools_.call().log_warning("database '" + job.name +
                                      "' is made with this server's encoding "
                                      "and collation: those of '" +
                                      job.database + "' are not known");
        static constexpr const char* kLike =
            "SELECT pg_catalog.format('CREATE DATABASE %I TEMPLATE template0 ENCODING %L "
            "LC_COLLATE %L"
            " LC_CTYPE %L', :'db', pg_catalog.pg_encoding_to_char(encoding), datcollate, datctype)"
            " FROM pg_catalog.pg_database WHERE datname = :'original' \\gexec\n";
        return tools_.script(outside,
                             original ? kLike : "CREATE DATABASE :\"db\" TEMPLATE template0;\n",
                             {"db=" + job.name, "original=" + job.database});
    }

    Status restore_database(const Job& job) {
        if (job.is_rows_alone())
            return fill_rows(job, {"--disable-triggers", "--single-transaction"});
        if (server_.find(job.name)) BKT_TRY(drop(job.name));
        Status done = job.timescale ? fill_timescale(job) : fill(job);
        if (done && !job.timescale) done = check_no_timescale(job);
        if (done) return {};
        Error error = std::move(done).error();
        if (error.code != Code::cancelled)
            if (const Status dropped = drop(job.name); !dropped)
                tools_.call().log_warning("database '" + job.name +
                                          "' is half restored and could not be dropped");
        return error;
    }

    // Its tables may come back wrong without what fill_timescale() does. A whole archive is from before there
    // was such a part: better that than nothing.
    Status check_no_timescale(const Job& job) {
        if (!server_.may_have_timescale) return {};
        BKT_LET(const auto found, Timescale::find(tools_, job.name));
        if (!found) return {};
        if (job.whole) {
            tools_.call().log_warning("database '" + job.name +
                                      "' has TimescaleDB, which this backup does not know of: see "
                                      "that its hypertables work");
            return {};
        }
        return Error{Code::unsupported,
                     "the database has TimescaleDB, and the part that says how to restore it is "
                     "missing",
                     "restore all parts of the database"};
    }

    Status fill_timescale(const Job& job) {
        const Timescale& timescale = *job.timescale;
        if (job.same_name()) {
            BKT_LET(const std::string outside, standing_outside(job.name));
            BKT_TRY(pg_restore(job.schema->part, outside, {"--create", kNothingInIt}));
        } else {
            BKT_TRY(create_like(job));
        }
        if (timescale.is_made_first()) {
            BKT_TRY(timescale.make(tools_, job.name));
            BKT_TRY(timescale.pre_restore(tools_, job.name));
        }
        BKT_TRY(pg_restore(job.schema->part, job.name, {"--section=pre-data"}));
        if (!timescale.is_made_first()) BKT_TRY(timescale.pre_restore(tools_, job.name));
        BKT_TRY(fill_rows(job, {}));
        BKT_LET(const auto hypertables, Timescale::hypertables(tools_, job.name));
        BKT_LET(const std::string script, post_data(job.schema->part, "--file=-"));
        BKT_LET(const std::string list, post_data(job.schema->part, "--list"));
        BKT_LET(const LateKeys keys, LateKeys::divide(script, list, hypertables));
        BKT_TRY(tools_.script(job.name, keys.now, {}));
        BKT_TRY(timescale.post_restore(tools_, job.name));
        return keys.after.empty() ? Status{} : tools_.script(job.name, keys.after, {});
    }

    // As SQL, or what it holds.
    Result<std::string> post_data(const std::string& part, const char* as) {
        std::string text;
        BKT_LET(const Source source, in_.open(part));
        Exec tool = tools_.call().exec({"pg_restore", "--section=post-data", as});
        BKT_LET(const ExecResult r,
                tool.env("LC_ALL", "C").in(source).capture(text, kMaxPostDataBytes).result());
        BKT_TRY(succeeded("pg_restore", r));
        BKT_TRY(source.drain());
        return text;
    }

    Status fill(const Job& job) {
        std::string outside = job.name;
        if (job.same_name()) {
            BKT_LET(outside, standing_outside(job.name));
        } else {
            BKT_TRY(create_like(job));
        }
        if (job.whole && job.whole->format == Format::plain) return fill_plain(job, outside);
        std::vector<std::string> create;
        if (job.same_name()) create.emplace_back("--create");
        if (job.whole) return pg_restore(job.whole->part, outside, std::move(create));
        // What indexes, keys and triggers need is there before them.
        create.emplace_back("--section=pre-data");
        BKT_TRY(pg_restore(job.schema->part, outside, std::move(create)));
        BKT_TRY(fill_rows(job, {}));
        return pg_restore(job.schema->part, job.name, {"--section=post-data"});
    }

    Status fill_rows(const Job& job, const std::vector<std::string>& options) {
        for (const auto& rows : job.rows) {
            auto all = options;
            all.emplace_back("--section=data");
            BKT_TRY(pg_restore(rows.part, job.name, std::move(all)));
        }
        return {};
    }

    Status pg_restore(const std::string& part, const std::string& into,
                      std::vector<std::string> options) {
        options.insert(options.end(), {"--exit-on-error", "--dbname=" + connection_string(into)});
        BKT_LET(const Source source, in_.open(part));
        Exec tool = tools_.run("pg_restore", std::move(options));
        BKT_LET(const ExecResult r, tool.in(source).result());
        BKT_TRY(succeeded("pg_restore", r));
        return source.drain();
    }

    Status fill_plain(const Job& job, const std::string& into) {
        std::vector<std::string> options{
            "--no-psqlrc",           "--quiet",
            "--set=ON_ERROR_STOP=1", "--file=-",
            "--output=/dev/null",    "--dbname=" + connection_string(into)};
        if (!job.same_name()) options.emplace_back("--single-transaction");
        BKT_LET(const Source source, in_.open(job.whole->part));
        WithoutCreate body(source);
        Exec tool = tools_.run("psql", std::move(options));
        BKT_LET(const ExecResult r, tool.in(job.same_name() ? source : body.source()).result());
        BKT_TRY(succeeded("psql", r));
        return source.drain();
    }

    const Tools& tools_;
    PartsIn& in_;
    Server server_;
    bool clean_;
};

}  // namespace

Status wait_until_ready(const Tools& tools) {
    return wait_for_server(
        tools.call(), tools.settings().host,
        [&](const std::string& host) { return answers(tools, host); },
        [&] { return maintenance_database(tools); });
}

Status restore_parts(const Tools& tools, PartsIn& in) {
    BKT_TRY(wait_until_ready(tools));
    BKT_LET(Server server, Server::ask(tools));
    return Restorer(tools, in, std::move(server)).run();
}

}  // namespace bkt::postgres
