#include "plugins/engines/mongodb/restore.hpp"

#include "plugins/engines/mongodb/parts.hpp"
#include "plugins/engines/mongodb/server.hpp"

namespace bkt::mongodb {
namespace {

constexpr std::uint64_t kReadyLimitMs = 180'000;
constexpr std::uint64_t kReadyPauseMs = 500;
// An image that sets itself up runs a temporary server first, and knows no user before; so a server counts
// as there when it answered so often in a row, and a refused login as final only after so long.
constexpr int kReadyAnswers = 4;
constexpr std::uint64_t kDeniedMs = 30'000;

struct Nothing {
    bkt_sink raw{sizeof(bkt_sink), 0, nullptr, &write, nullptr, nullptr};
    static bkt_rc write(const bkt_sink*, const void*, std::uint64_t) noexcept { return BKT_OK; }
};

// Needs no shell: mongodump of a collection that is not there logs in and writes nothing.
Status answers(const Tools& tools) {
    const Nothing nothing;
    BKT_LET(const ExecResult r,
            tools.dump({"--archive", "--db=admin", "--collection=baktainer.is_anybody_there"},
                       Sink(&nothing.raw)));
    return succeeded("mongodump", r);
}

Status wait_until_ready(const Tools& tools) {
    std::uint64_t denied_ms = 0;
    int answered = 0;
    std::string last;
    for (std::uint64_t waited_ms = 0; waited_ms < kReadyLimitMs; waited_ms += kReadyPauseMs) {
        const auto asked = answers(tools);
        if (asked) {
            if (++answered == kReadyAnswers) return {};
        } else {
            answered = 0;
            last = asked.error().message;
            const bool denied = asked.error().code == Code::denied;
            denied_ms = denied ? denied_ms + kReadyPauseMs : 0;
            if (denied ? denied_ms >= kDeniedMs : asked.error().code != Code::unavailable)
                return asked.error();
        }
        tools.call().progress(waited_ms, kReadyLimitMs, "waiting for the server");
        BKT_TRY(tools.call().sleep_ms(kReadyPauseMs));
    }
    return Error{
        Code::unavailable,
        "the server was not ready within " + std::to_string(kReadyLimitMs / 1000) + " s: " + last,
        "look into the container's log"};
}

// A '*' in a name is a wildcard to mongorestore.
std::string escaped(std::string_view name) {
    std::string text;
    for (const char c : name) {
        if (c == '*') text += '\\';
        text += c;
    }
    return text;
}

struct Job {
    std::string part;
    PartContent from;
    std::string to;  // empty = where it was
    std::string database() const { return to.empty() ? from.database : to; }
};

Result<std::vector<Job>> plan_jobs(const Call& call, const PartsIn& in) {
    const std::string elsewhere = call.config("restore.database");
    if (!elsewhere.empty()) BKT_TRY(check_name("restore.database", elsewhere));
    std::vector<Job> jobs;
    for (const auto& name : in.names()) {
        auto content = part_content(name);
        if (!content)
            return Error{Code::unsupported, "part '" + name + "' is none of this engine's"};
        if (!elsewhere.empty() && content->database.empty())
            return Error{Code::unsupported,
                         "a backup of all databases cannot be restored to '" + elsewhere + "'",
                         "restore it to files, and one database of it with mongorestore "
                         "--nsInclude, --nsFrom and --nsTo"};
        jobs.push_back({name, *std::move(content), elsewhere});
    }
    if (!elsewhere.empty() && jobs.size() > 1)
        return Error{Code::invalid,
                     "several databases cannot all be restored to '" + elsewhere + "'",
                     "restore one part at a time"};
    return jobs;
}

// The databases, other than the server's own, that `job` would write to and that hold anything.
Result<std::set<std::string>> taken(const Tools& tools, const Job& job) {
    std::vector<std::string> which;
    if (!job.database().empty()) which.push_back("--db=" + job.database());
    BKT_LET(const auto names, existing(tools, std::move(which)));
    std::set<std::string> databases;
    for (const auto& name : names)
        if (!name.database.empty() && !is_system_database(name.database))
            databases.insert(name.database);
    return databases;
}

Status make_room(const Tools& tools, const std::set<std::string>& databases) {
    for (const auto& database : databases) {
        const Status dropped = drop_database(tools, database);
        if (dropped) continue;
        if (dropped.error().code != Code::unsupported) return dropped.error();
        tools.call().log_warning(tools.where() + " has no mongo shell to drop '" + database +
                                 "' with: collections that are not in the backup stay in it");
    }
    return {};
}

Status fill(const Tools& tools, PartsIn& in, const Job& job, bool clean) {
    std::vector<std::string> options{"--archive", "--stopOnError"};
    if (clean) options.emplace_back("--drop");
    if (job.from.oplog) options.emplace_back("--oplogReplay");
    if (!job.to.empty() && job.to != job.from.database) {
        options.push_back("--nsFrom=" + escaped(job.from.database) + ".*");
        options.push_back("--nsTo=" + escaped(job.to) + ".*");
    }
    BKT_LET(const Source source, in.open(job.part));
    BKT_LET(const ExecResult r, tools.restore(std::move(options), source));
    BKT_TRY(succeeded("mongorestore", r));
    // A tool may stop at the end of what it needs; the source says only at its end that it was whole.
    std::vector<std::byte> waste(64 * 1024);
    for (;;) {
        BKT_LET(const std::size_t n, source.read(waste));
        if (n == 0) return {};
    }
}

}  // namespace

Status restore_parts(const Tools& tools, PartsIn& in) {
    BKT_LET(const auto jobs, plan_jobs(tools.call(), in));
    BKT_TRY(tools.version("mongorestore"));
    BKT_TRY(wait_until_ready(tools));
    const bool clean = tools.call().config("restore.clean") == "true";
    // Everything that can be refused is refused before the first change.
    std::set<std::string> all;
    for (const auto& job : jobs) {
        BKT_LET(auto databases, taken(tools, job));
        all.merge(databases);
    }
    if (!clean && !all.empty())
        return Error{Code::exists, "database '" + *all.begin() + "' exists and is not empty",
                     "restore in place with --confirm, which replaces it, or name another "
                     "database"};
    BKT_TRY(make_room(tools, all));
    for (const auto& job : jobs) {
        Status done = fill(tools, in, job, clean);
        if (!done) return std::move(done).error().within("restoring '" + job.part + "'");
        tools.call().log_info("restored '" + job.part + "'");
    }
    return {};
}

}  // namespace bkt::mongodb
