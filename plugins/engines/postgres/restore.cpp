#include "plugins/engines/postgres/restore.hpp"

#include <algorithm>
#include <array>

#include "baktainer/server_wait.hpp"
#include "plugins/engines/postgres/contents.hpp"
#include "plugins/engines/postgres/globals_filter.hpp"
#include "plugins/engines/postgres/late_keys.hpp"
#include "plugins/engines/postgres/plain_connect.hpp"
#include "plugins/engines/postgres/restore_job.hpp"
#include "plugins/engines/postgres/server.hpp"

namespace bkt::postgres {
namespace {

constexpr int kForcedDropSince = 130000;
constexpr std::size_t kMaxSmallPartBytes = 64 << 10;
constexpr std::size_t kMaxPostDataBytes = 256 << 20;

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

class Restorer final {
public:
    Restorer(const Tools& tools, PartsIn& in, Server server)
        : tools_(tools),
          in_(in),
          server_(std::move(server)),
          clean_(tools.call().config("restore.clean") == "true") {}

    Status run() {
        const std::string elsewhere = tools_.call().config("restore.database");
        const auto names = in_.names();
        BKT_LET(auto jobs, jobs_of(names, elsewhere));
        for (auto& job : jobs) BKT_TRY(check_timescale(job));
        // Everything that can be refused is refused before the first change.
        for (const auto& job : jobs) BKT_TRY(check_free(job));
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
    Status check_timescale(RestoreJob& job) {
        if (!job.timescale_from) return {};
        BKT_LET(const Source source, in_.open(job.timescale_from->part));
        BKT_LET(const std::string text, read_text(source));
        auto said = Timescale::parse(text);
        if (!said) return std::move(said).error().within("part '" + job.timescale_from->part + "'");
        job.timescale = *std::move(said);
        BKT_LET(job.late, post_data(job.schema->part, "--file=-"));
        BKT_LET(job.late_list, post_data(job.schema->part, "--list"));
        if (auto keys = LateKeys::divide(job.late, job.late_list, {}); !keys)
            return std::move(keys).error();
        return job.timescale->check_offered(tools_, job.database);
    }

    Status check_free(const RestoreJob& job) {
        const std::string& name = job.name;
        if (job.is_rows_alone()) return check_takes_rows(name);
        if (job.is_schema_alone() && server_.find(name)) BKT_TRY(check_holds_no_rows(name));
        if (clean_ || !server_.find(name)) return {};
        BKT_LET(const bool empty, is_empty(tools_, name));
        if (empty) return {};
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

    // Not even with "restore.clean": rows would be doubled, or replaced by none.
    Status check_holds_no_rows(const std::string& name) {
        BKT_LET(const auto filled, filled_table(tools_, name));
        if (!filled) return {};
        return Error{Code::exists,
                     "the backup holds no whole database, and table '" + *filled + "' of '" + name +
                         "' is not empty",
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
    Status create_like(const RestoreJob& job) {
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

    Status restore_database(const RestoreJob& job) {
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
    Status check_no_timescale(const RestoreJob& job) {
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

    Status fill_timescale(const RestoreJob& job) {
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
        BKT_LET(const LateKeys keys, LateKeys::divide(job.late, job.late_list, hypertables));
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

    Status fill(const RestoreJob& job) {
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

    Status fill_rows(const RestoreJob& job, const std::vector<std::string>& options) {
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

    Status fill_plain(const RestoreJob& job, const std::string& into) {
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
