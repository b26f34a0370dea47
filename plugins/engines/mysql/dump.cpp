#include "plugins/engines/mysql/dump.hpp"

#include <algorithm>

#include "plugins/engines/mysql/accounts.hpp"
#include "plugins/engines/mysql/dump_split.hpp"
#include "plugins/engines/mysql/failure.hpp"
#include "plugins/engines/mysql/parts.hpp"
#include "plugins/engines/mysql/read_lock.hpp"

namespace bkt::mysql {
namespace {

using Share = std::vector<Choice>;

std::vector<std::string> dump_options(const DumpRun& run, const Share& share) {
    std::vector<std::string> options{"--single-transaction", "--quick"};
    // Both tools save triggers unless told not to.
    if (run.selection.schema)
        options.insert(options.end(), {"--routines", "--events", "--triggers"});
    else options.insert(options.end(), {"--no-create-info", "--skip-triggers"});
    if (!run.selection.rows) options.emplace_back("--no-data");
    options.insert(options.end(),
                   {"--hex-blob", "--default-character-set=utf8mb4", "--max-allowed-packet=1G"});
    // One database of many does not have executed all the server has: its facts hold the position.
    if (!run.tool.of_mariadb) options.emplace_back("--set-gtid-purged=OFF");
    for (const auto& choice : share)
        for (auto& ignored : choice.options()) options.push_back(std::move(ignored));
    options.insert(options.end(), {"--databases", "--"});
    for (const auto& choice : share) options.push_back(choice.database.name);
    return options;
}

Error while_dumping(Error error, const Share& share) {
    std::vector<std::string> names;
    for (const auto& choice : share) names.push_back(choice.database.name);
    return std::move(error).within((names.size() > 1 ? "dumping databases " : "dumping database ") +
                                   listed(names));
}

// Tablespaces and masking policies of the whole server, where the login may not read them: the tool leaves
// them out and exits 0.
void tell_left_out(const DumpRun& run, const Share& share, const ExecResult& result) {
    for (const auto& line : error_lines(result.stderr_tail))
        run.tools.call().log_warning("left out of '" + share.front().database.name + "': " + line);
}

void tell_position(const DumpRun& run, const Position& position, const std::string& when) {
    if (!position.gtid.empty()) run.out.fact("gtid" + when, position.gtid);
    if (!position.binlog.empty()) run.out.fact("binlog" + when, position.binlog);
}

Status dump_one(const DumpRun& run, const Choice& choice) {
    const Share share{choice};
    const PartOut part =
        run.out.begin(database_part(choice.database.name, holds_of(run.selection)));
    BKT_TRY(part.opened());
    const Sink sink = part.sink();
    Exec tool = run.tools.dump(run.tool, dump_options(run, share));
    BKT_LET(const ExecResult r, tool.out(sink).result());
    BKT_TRY(succeeded(run.tool.name, r));
    tell_left_out(run, share, r);
    return part.finish(r.exit_code, r.stdout_bytes);
}

Status write_accounts(const DumpRun& run, const std::string& sql) {
    const PartOut part = run.out.begin(kAccountsPart);
    BKT_TRY(part.opened());
    BKT_TRY(part.sink().write(as_bytes(sql)));
    return part.finish(0, sql.size());
}

Result<std::string> ask_accounts_sql(const DumpRun& run) {
    auto sql = accounts_sql(run.tools, run.server);
    if (!sql) return std::move(sql).error().within("saving accounts");
    return sql;
}

// --- as one moment ---

// Lets the lock go when it is told to, or at its own end.
class LetGo final {
public:
    explicit LetGo(ReadLock& lock) : lock_(lock) {}
    ~LetGo() { now(); }
    LetGo(const LetGo&) = delete;
    LetGo& operator=(const LetGo&) = delete;
    void now() {
        if (!std::exchange(done_, true)) lock_.let_go();
    }

private:
    ReadLock& lock_;
    bool done_ = false;
};

Status dump_share(const DumpRun& run, const Share& share,
                  const std::vector<std::string>& with_views, ReadLock& lock, const Stop& stop) {
    LetGo let_go(lock);
    if (!lock.wait(stop)) return {};  // the one who holds it has the reason
    std::vector<DumpSplit::Into> into;
    for (const auto& choice : share) {
        const std::string& name = choice.database.name;
        const bool has_views =
            std::find(with_views.begin(), with_views.end(), name) != with_views.end();
        into.push_back({name, database_part(name, holds_of(run.selection)), has_views});
    }
    DumpSplit split(run.out, into, [&] {
        let_go.now();
        lock.wait_for_others(stop);
    });
    const Sink parts = split.sink();
    const StoppableSink sink(parts, stop);
    Exec tool = run.tools.dump(run.tool, dump_options(run, share));
    auto r = tool.out(sink.sink()).result();
    if (split.failed()) return *split.failed();
    if (!r) return std::move(r).error();
    BKT_TRY(succeeded(run.tool.name, *r));
    tell_left_out(run, share, *r);
    return split.finish(r->stdout_bytes);
}

Status save_position(const DumpRun& run, ReadLock& lock, const Stop& stop) {
    LetGo let_go(lock);
    if (!lock.wait(stop)) return {};
    BKT_LET(const auto position, ask_position(run.tools, run.server));
    let_go.now();
    tell_position(run, position, "");
    return {};
}

Status save_accounts(const DumpRun& run, ReadLock& lock, const Stop& stop) {
    LetGo let_go(lock);
    if (!lock.wait(stop)) return {};
    BKT_LET(const std::string sql, ask_accounts_sql(run));
    let_go.now();
    return write_accounts(run, sql);
}

}  // namespace

Status dump_in_turn(const DumpRun& run, const std::vector<Choice>& choices) {
    BKT_LET(const auto position, ask_position(run.tools, run.server));
    tell_position(run, position, "_before");
    for (const auto& choice : choices)
        if (Status done = dump_one(run, choice); !done)
            return while_dumping(std::move(done).error(), {choice});
    if (!run.accounts) return {};
    BKT_LET(const std::string sql, ask_accounts_sql(run));
    return write_accounts(run, sql);
}

Result<bool> dump_together(const DumpRun& run, const Shares& shares) {
    BKT_LET(const auto with_views, databases_with_views(run.tools));
    ReadLock lock(run.tools, shares.lists.size() + 1 + (run.accounts ? 1 : 0));
    std::vector<Task> tasks;
    tasks.emplace_back([&](const Stop& stop) { return lock.hold(stop); });
    for (const auto& share : shares.lists)
        tasks.emplace_back([&](const Stop& stop) -> Status {
            Status done = dump_share(run, share, with_views, lock, stop);
            if (!done) return while_dumping(std::move(done).error(), share);
            return {};
        });
    tasks.emplace_back([&](const Stop& stop) { return save_position(run, lock, stop); });
    if (run.accounts)
        tasks.emplace_back([&](const Stop& stop) { return save_accounts(run, lock, stop); });
    BKT_TRY(run_together(tasks));
    if (!lock.refusal().empty()) {
        run.tools.call().log_warning(
            "the databases are not saved as one moment but in turn, for the server gave no read "
            "lock: " +
            lock.refusal());
        return false;
    }
    run.out.fact("read_lock_ms", std::to_string(lock.held_for().count()));
    return true;
}

}  // namespace bkt::mysql
