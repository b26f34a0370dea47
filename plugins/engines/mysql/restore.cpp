#include "plugins/engines/mysql/restore.hpp"

#include <algorithm>
#include <array>

#include "baktainer/server_wait.hpp"
#include "plugins/engines/mysql/accounts.hpp"
#include "plugins/engines/mysql/dump_filter.hpp"
#include "plugins/engines/mysql/failure.hpp"
#include "plugins/engines/mysql/parts.hpp"
#include "plugins/engines/mysql/server.hpp"
#include "plugins/engines/mysql/tables_there.hpp"

namespace bkt::mysql {
namespace {

// Does anything speak the protocol there? A login that is refused was answered.
Result<bool> answers(const Tools& tools, const std::string& host) {
    BKT_LET(const ExecResult r, tools.client_at(host, {"--execute=SELECT 1"}).result());
    if (r.exit_code == 0) return true;
    // Cannot connect by socket or TCP, gone away, lost while greeting.
    static constexpr int kNobody[] = {2002, 2003, 2006, 2013};
    for (const auto& line : error_lines(r.stderr_tail)) {
        const int number = error_number(line);
        if (number != 0)
            return std::find(std::begin(kNobody), std::end(kNobody), number) == std::end(kNobody);
    }
    return explain(tools.client_name(), r);
}

Result<std::string> read_text(const Source& source) {
    std::string text;
    std::array<std::byte, 16384> chunk;
    for (;;) {
        BKT_LET(const std::size_t n, source.read(chunk));
        if (n == 0) return text;
        text.append(as_text({chunk.data(), n}));
        if (text.size() > kMaxAccountsBytes)
            return Error{Code::unsupported, "the accounts' part is larger than 64 MiB"};
    }
}

// One database of the backup and where it goes.
struct Job {
    std::string part, original;
    Holds holds;
    std::string name;
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
        for (const auto& job : jobs) BKT_TRY(check_fits(job));
        BKT_LET(sandbox_, knows_sandbox());
        // Before: a view needs its definer. After: a grant needs its table, and the login's own password
        // may be another one from then on.
        BKT_LET(const std::string accounts, read_accounts());
        if (!accounts.empty()) BKT_TRY(play(without_account(accounts, server_.account), true));
        for (const auto& job : jobs) {
            Status done = restore_database(job);
            if (!done) return std::move(done).error().within("restoring '" + job.name + "'");
            tools_.call().log_info("restored database '" + job.name + "'");
        }
        if (!accounts.empty()) BKT_TRY(play(accounts, false));
        return {};
    }

private:
    Result<std::vector<Job>> plan_jobs() {
        const std::string elsewhere = tools_.call().config("restore.database");
        if (!elsewhere.empty()) BKT_TRY(check_name("restore.database", elsewhere));
        std::vector<Job> jobs;
        for (const auto& part : in_.names()) {
            if (part == kAccountsPart) continue;
            const auto of = database_of(part);
            if (!of)
                return Error{Code::unsupported, "part '" + part + "' is none of this engine's"};
            jobs.push_back(
                {part, of->database, of->holds, elsewhere.empty() ? of->database : elsewhere});
        }
        if (!elsewhere.empty() && jobs.size() > 1)
            return Error{Code::invalid,
                         "several databases cannot all be restored to '" + elsewhere + "'",
                         "restore one part at a time"};
        return jobs;
    }

    // May what is there be replaced, or filled, by this?
    Status check_fits(const Job& job) {
        if (job.holds == Holds::rows) return check_takes_rows(job.name);
        if (!server_.find(job.name)) return {};
        BKT_LET(const bool empty, is_empty(tools_, job.name));
        if (empty) return {};
        if (!clean_)
            return Error{
                Code::exists, "database '" + job.name + "' exists and is not empty",
                "restore in place with --confirm, which replaces it, or name another database"};
        if (job.holds != Holds::schema) return {};
        BKT_LET(const auto there, TablesThere::ask(tools_, job.name));
        BKT_LET(const auto full, there.first_with_rows(tools_));
        if (!full) return {};
        return Error{Code::exists,
                     "the backup has definitions without rows, and table '" + *full +
                         "' of database '" + job.name + "' holds rows, which would be lost",
                     "restore under another name with --database, or into a new container"};
    }

    Status check_takes_rows(const std::string& name) {
        const std::string what = "the backup has rows alone, and ";
        BKT_LET(const auto there, TablesThere::ask(tools_, name));
        if (there.tables.empty())
            return Error{Code::not_found, what + "database '" + name + "' has no tables for them",
                         "make the tables first, as from a backup with 'db.only' 'schema'"};
        if (!there.insert_trigger.empty())
            return Error{Code::conflict,
                         what + "trigger '" + there.insert_trigger + "' of database '" + name +
                             "' would change them on their way in",
                         "drop the triggers, restore, and make them again"};
        BKT_LET(const auto full, there.first_with_rows(tools_));
        if (!full) return {};
        return Error{Code::exists,
                     what + "table '" + *full + "' of database '" + name + "' holds some already",
                     "empty the tables first, or restore to files and play in what you want"};
    }

    // The option that forbids a dump what DumpFilter takes the line of away. MySQL's clients have none.
    Result<bool> knows_sandbox() {
        if (tools_.client_name() != "mariadb") return false;
        BKT_LET(
            const ExecResult r,
            tools_.call().exec({"mariadb", "--no-defaults", "--sandbox", "--version"}).result());
        return r.exit_code == 0;
    }

    // Empty = the backup has none.
    Result<std::string> read_accounts() {
        const auto names = in_.names();
        const std::string part(kAccountsPart);
        if (std::find(names.begin(), names.end(), part) == names.end()) return std::string();
        BKT_LET(const Source source, in_.open(part));
        return read_text(source);
    }

    // Grants on what is not in this backup are left out, and said; on the first of two passes nothing is. So are those
    // that this login may not give: MariaDB's roles are given on by who made them, and PROXY by who has it.
    Status play(const std::string& accounts, bool first) {
        BKT_LET(const ExecResult r, tools_.script(accounts, {"--force"}));
        if (Status done = succeeded(tools_.client_name(), r); !done)
            return std::move(done).error().within("restoring accounts");
        if (first) return {};
        static constexpr int kMissing[] = {1049, 1146, 1305};  // database, table, routine
        constexpr int kMayNotGive = 1698;
        for (const auto& line : error_lines(r.stderr_tail)) {
            const int number = error_number(line);
            if (number == kMayNotGive) {
                tools_.call().log_warning("login '" + server_.account +
                                          "' may not give a grant of 'accounts.sql' on: " + line);
                continue;
            }
            if (std::find(std::begin(kMissing), std::end(kMissing), number) == std::end(kMissing))
                return Error{Code::failed, "restoring accounts: " + line,
                             "the databases are restored; play accounts.sql in by hand"};
            tools_.call().log_warning("a grant was left out: " + line);
        }
        return {};
    }

    Status statement(const std::string& sql) {
        BKT_LET(const ExecResult r, tools_.script(sql));
        return succeeded(tools_.client_name(), r);
    }

    // Whole databases are dropped first; of the others only what the dump itself replaces goes.
    Status restore_database(const Job& job) {
        const std::string drop = "DROP DATABASE IF EXISTS " + identifier(job.name) + ";\n";
        bool there = server_.find(job.name) != nullptr;
        if (there && job.holds != Holds::rows) {
            BKT_LET(const bool empty, is_empty(tools_, job.name));
            if (empty || job.holds != Holds::some_tables) {
                BKT_TRY(statement(drop));
                there = false;
            }
        }
        Status done = fill(job);
        if (done) return {};
        Error error = std::move(done).error();
        if (error.code != Code::cancelled) undo(job, there ? "" : drop);
        return error;
    }

    // `drop` is empty where the database was there before.
    void undo(const Job& job, const std::string& drop) {
        const std::string name = "database '" + job.name + "' ";
        if (job.holds == Holds::rows) {
            auto there = TablesThere::ask(tools_, job.name);
            if (!there || !there->remove_rows(tools_))
                tools_.call().log_warning(name +
                                          "holds part of the rows, and could not be emptied");
        } else if (drop.empty()) {
            tools_.call().log_warning(name +
                                      "was there before and is half restored: some of the "
                                      "tables are the backup's, some may be missing");
        } else if (const Status dropped = statement(drop); !dropped) {
            tools_.call().log_warning(name + "is half restored and could not be dropped");
        }
    }

    Status fill(const Job& job) {
        BKT_LET(const Source source, in_.open(job.part));
        const DumpFilter filter(source, job.original, job.name);
        std::vector<std::string> options{"--max-allowed-packet=1G"};
        if (sandbox_) options.emplace_back("--sandbox");
        auto r = tools_.client(std::move(options)).in(filter.source()).result();
        if (filter.failed()) return *filter.failed();
        if (!r) return std::move(r).error();
        BKT_TRY(succeeded(tools_.client_name(), *r));
        return source.drain();
    }

    const Tools& tools_;
    PartsIn& in_;
    Server server_;
    bool clean_, sandbox_ = false;
};

}  // namespace

Status wait_until_ready(const Tools& tools) {
    return wait_for_server(
        tools.call(), tools.settings().host,
        [&](const std::string& host) { return answers(tools, host); },
        [&] { return tools.query("SELECT 1;\n"); });
}

Status restore_parts(const Tools& tools, PartsIn& in) {
    BKT_TRY(wait_until_ready(tools));
    BKT_LET(Server server, Server::ask(tools));
    return Restorer(tools, in, std::move(server)).run();
}

}  // namespace bkt::mysql
