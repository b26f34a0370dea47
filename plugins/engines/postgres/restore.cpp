#include "plugins/engines/postgres/restore.hpp"

#include <algorithm>

#include "baktainer/server_wait.hpp"
#include "plugins/engines/postgres/globals_filter.hpp"
#include "plugins/engines/postgres/parts.hpp"
#include "plugins/engines/postgres/plain_connect.hpp"
#include "plugins/engines/postgres/server.hpp"

namespace bkt::postgres {
namespace {

constexpr int kForcedDropSince = 130000;

// Nothing of a user's: no relation, function, type or schema outside the system's, no large object.
constexpr const char* kIsEmptyQuery = R"sql(
SELECT NOT EXISTS (SELECT 1 FROM pg_catalog.pg_largeobject_metadata)
   AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_namespace n
                   WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
                     AND (n.nspname <> 'public'
                          OR EXISTS (SELECT 1 FROM pg_catalog.pg_class WHERE relnamespace = n.oid)
                          OR EXISTS (SELECT 1 FROM pg_catalog.pg_proc WHERE pronamespace = n.oid)
                          OR EXISTS (SELECT 1 FROM pg_catalog.pg_type WHERE typnamespace = n.oid)))
)sql";

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
    DatabasePart part;
    std::string name;
    bool same_name() const { return name == part.database; }
};

class Restorer final {
public:
    Restorer(const Tools& tools, PartsIn& in, Server server)
        : tools_(tools),
          in_(in),
          server_(std::move(server)),
          clean_(tools.call().config("restore.clean") == "true") {}

    Status run() {
        BKT_LET(const auto jobs, plan_jobs());
        // Everything that can be refused is refused before the first change.
        for (const auto& job : jobs) BKT_TRY(check_free(job.name));
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
            auto part = parse_database_part(name);
            if (!part && name != kGlobalsPart)
                return Error{Code::unsupported, "part '" + name + "' is none of this engine's"};
            if (!part) continue;
            const std::string to = elsewhere.empty() ? part->database : elsewhere;
            jobs.push_back({*std::move(part), to});
        }
        if (!elsewhere.empty() && jobs.size() > 1)
            return Error{Code::invalid,
                         "several databases cannot all be restored to '" + elsewhere + "'",
                         "restore one part at a time"};
        return jobs;
    }

    Status check_free(const std::string& name) {
        if (clean_ || !server_.find(name)) return {};
        BKT_LET(const auto answer, tools_.query(name, kIsEmptyQuery));
        if (!answer.empty() && answer.front() == "t") return {};
        return Error{
            Code::exists, "database '" + name + "' exists and is not empty",
            "restore in place with --confirm, which replaces it, or name another database"};
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
        const bool original = server_.find(job.part.database) != nullptr;
        if (!original)
            tools_.call().log_warning("database '" + job.name +
                                      "' is made with this server's encoding "
                                      "and collation: those of '" +
                                      job.part.database + "' are not known");
        static constexpr const char* kLike =
            "SELECT pg_catalog.format('CREATE DATABASE %I TEMPLATE template0 ENCODING %L "
            "LC_COLLATE %L"
            " LC_CTYPE %L', :'db', pg_catalog.pg_encoding_to_char(encoding), datcollate, datctype)"
            " FROM pg_catalog.pg_database WHERE datname = :'original' \\gexec\n";
        return tools_.script(outside,
                             original ? kLike : "CREATE DATABASE :\"db\" TEMPLATE template0;\n",
                             {"db=" + job.name, "original=" + job.part.database});
    }

    Status restore_database(const Job& job) {
        if (server_.find(job.name)) BKT_TRY(drop(job.name));
        Status done = fill(job);
        if (done) return {};
        Error error = std::move(done).error();
        if (error.code != Code::cancelled)
            if (const Status dropped = drop(job.name); !dropped)
                tools_.call().log_warning("database '" + job.name +
                                          "' is half restored and could not be dropped");
        return error;
    }

    Status fill(const Job& job) {
        std::string into = job.name;
        if (job.same_name()) {
            BKT_LET(into, standing_outside(job.name));
        } else {
            BKT_TRY(create_like(job));
        }
        const std::string dbname = "--dbname=" + connection_string(into);
        BKT_LET(const Source source, in_.open(job.part.part));
        if (job.part.format == Format::custom) {
            std::vector<std::string> options{"--exit-on-error", dbname};
            if (job.same_name()) options.emplace_back("--create");
            Exec tool = tools_.run("pg_restore", std::move(options));
            BKT_LET(const ExecResult r, tool.in(source).result());
            BKT_TRY(succeeded("pg_restore", r));
        } else {
            std::vector<std::string> options{"--no-psqlrc",           "--quiet",
                                             "--set=ON_ERROR_STOP=1", "--file=-",
                                             "--output=/dev/null",    dbname};
            if (!job.same_name()) options.emplace_back("--single-transaction");
            WithoutCreate body(source);
            Exec tool = tools_.run("psql", std::move(options));
            BKT_LET(const ExecResult r, tool.in(job.same_name() ? source : body.source()).result());
            BKT_TRY(succeeded("psql", r));
        }
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
