#include "plugins/engines/mysql/mysql_engine.hpp"

#include <algorithm>

#include "plugins/engines/mysql/accounts.hpp"
#include "plugins/engines/mysql/dump_format.hpp"
#include "plugins/engines/mysql/failure.hpp"
#include "plugins/engines/mysql/parts.hpp"
#include "plugins/engines/mysql/recipe.hpp"
#include "plugins/engines/mysql/restore.hpp"

namespace bkt::mysql {
namespace {

std::vector<std::string> dump_options(const Tools::DumpTool& tool, const Selection& selection,
                                      const Choice& choice) {
    std::vector<std::string> options{"--single-transaction", "--quick"};
    // Both tools save triggers unless told not to.
    if (selection.schema) options.insert(options.end(), {"--routines", "--events", "--triggers"});
    else options.insert(options.end(), {"--no-create-info", "--skip-triggers"});
    if (!selection.rows) options.emplace_back("--no-data");
    options.insert(options.end(),
                   {"--hex-blob", "--default-character-set=utf8mb4", "--max-allowed-packet=1G"});
    // One database of many does not have executed all the server has: its facts hold the position.
    if (!tool.of_mariadb) options.emplace_back("--set-gtid-purged=OFF");
    for (auto& ignored : choice.options()) options.push_back(std::move(ignored));
    options.insert(options.end(), {"--databases", "--", choice.database.name});
    return options;
}

}  // namespace

Status SqlEngine::plan(Call& call, Plan& plan) {
    BKT_LET(Settings settings, Settings::load(call));
    BKT_LET(selection_, Selection::load(call));
    BKT_LET(const Tools tools, Tools::create(call, flavour_, std::move(settings)));
    BKT_LET(server_, Server::ask(tools));
    BKT_LET(tool_, tools.dump_tool(server_->mariadb));
    BKT_LET(named_, chosen_databases(*server_, tools.settings()));
    if (named_.empty() && !saves_accounts())
        return Error{Code::not_found, "the login sees no database to back up",
                     "check 'db.user' and 'db.name'"};
    BKT_LET(choices_, choose_tables(tools, named_, selection_));
    for (const auto& choice : choices_.taken)
        BKT_TRY(check_sees_all(tools, *server_, choice.database));

    bool transactional = true;
    for (const auto& choice : choices_.taken) {
        const Database& d = choice.database;
        BKT_TRY(plan.part(database_part(d.name, holds_of(selection_)), kDumpMedia,
                          selection_.rows ? d.size_bytes : 0));
        transactional = transactional && (d.tables_without_state == 0 || !selection_.rows);
    }
    if (saves_accounts()) BKT_TRY(plan.part(kAccountsPart, kAccountsMedia));
    plan.consistency(transactional ? BKT_CONSISTENCY_TRANSACTIONAL : BKT_CONSISTENCY_NONE);
    add_notes(tools.settings(), plan);
    return {};
}

void SqlEngine::add_notes(const Settings& settings, Plan& plan) const {
    note_only(plan);
    if (settings.parallel)
        plan.note("'parallel' is not heeded yet: one database is dumped after the other");
    for (const auto& note : choices_.notes) plan.note(note);
    for (const auto& choice : choices_.taken)
        if (const auto& d = choice.database; d.tables_without_state > 0 && selection_.rows)
            plan.note("database '" + d.name + "' has " + std::to_string(d.tables_without_state) +
                      " tables of engines without transactions (MyISAM, Aria, ...): what is "
                      "written to them meanwhile may be saved in part; convert them to InnoDB");
    std::vector<std::string> left_out;
    for (const auto& d : server_->databases)
        if (std::none_of(named_.begin(), named_.end(),
                         [&](const auto& c) { return c.name == d.name; }))
            left_out.push_back(d.name);
    if (!left_out.empty())
        plan.note("the server also has " + listed(left_out) +
                  ", which 'db.name' leaves out; '*' means all");
    if (settings.all_databases && !server_->selects_all)
        plan.note("login '" + server_->account +
                  "' may not see all databases: those it sees are saved");
    if (!server_->reads_accounts)
        plan.note("login '" + server_->account +
                  "' may not read mysql.user: accounts and grants are not saved");
    if (!server_->shows_all_triggers && server_->has_role)
        plan.note("login '" + server_->account +
                  "' has rights by a role: without TRIGGER, triggers are not saved");
    if (choices_.taken.size() > 1)
        plan.note("each database is one committed state in itself, not with the others");
}

void SqlEngine::note_only(Plan& plan) const {
    if (!selection_.rows) plan.note("'db.only' is 'schema': no rows are saved");
    if (!selection_.schema)
        plan.note(
            "'db.only' is 'data': definitions, views, routines, events, triggers and "
            "accounts are not saved; the rows can be restored only where their tables are");
}

Status SqlEngine::dump(Call& call, PartsOut& out) {
    if (!server_) return Error{Code::bug, "dump before plan"};
    BKT_LET(Settings settings, Settings::load(call));
    BKT_LET(const Tools tools, Tools::create(call, flavour_, std::move(settings)));
    BKT_LET(const auto position, ask_position(tools, *server_));
    out.fact("server_version", server_->version);
    out.fact("tool_version", tool_.name + " " + tool_.version);
    if (!position.gtid.empty()) out.fact("gtid_before", position.gtid);
    if (!position.binlog.empty()) out.fact("binlog_before", position.binlog);
    for (const auto& choice : choices_.taken) {
        Status done = dump_database(tools, choice, out);
        if (!done)
            return std::move(done).error().within("dumping database '" + choice.database.name +
                                                  "'");
    }
    if (saves_accounts()) return dump_accounts(tools, out);
    return {};
}

Status SqlEngine::dump_database(const Tools& tools, const Choice& choice, PartsOut& out) const {
    const std::string& database = choice.database.name;
    const PartOut part = out.begin(database_part(database, holds_of(selection_)));
    BKT_TRY(part.opened());
    const Sink sink = part.sink();
    Exec run = tools.dump(tool_, dump_options(tool_, selection_, choice));
    BKT_LET(const ExecResult r, run.out(sink).result());
    BKT_TRY(succeeded(tool_.name, r));
    // Tablespaces and masking policies of the whole server, where the login may not read them: the tool
    // leaves them out and exits 0.
    for (const auto& line : error_lines(r.stderr_tail))
        tools.call().log_warning("left out of '" + database + "': " + line);
    return part.finish(r.exit_code, r.stdout_bytes);
}

Status SqlEngine::dump_accounts(const Tools& tools, PartsOut& out) const {
    const PartOut part = out.begin(kAccountsPart);
    BKT_TRY(part.opened());
    auto sql = accounts_sql(tools, *server_);
    if (!sql) return std::move(sql).error().within("saving accounts");
    BKT_TRY(part.sink().write(as_bytes(*sql)));
    return part.finish(0, sql->size());
}

Status SqlEngine::restore(Call& call, PartsIn& in) {
    BKT_LET(Settings settings, Settings::load(call));
    BKT_LET(const Tools tools, Tools::create(call, flavour_, std::move(settings)));
    return restore_parts(tools, in);
}

Result<std::unique_ptr<Tap>> SqlEngine::validator(Call&, std::string_view name,
                                                  std::string_view media_type, bool) {
    if (media_type == kDumpMedia) return dump_format_tap(DumpKind::database);
    if (media_type == kAccountsMedia) return dump_format_tap(DumpKind::accounts);
    return Error{Code::unsupported, "part '" + std::string(name) + "' of type '" +
                                        std::string(media_type) + "' is none of this engine's"};
}

Result<std::string> SqlEngine::recipe(Call& call, const std::vector<std::string>& parts) {
    const auto settings = Settings::load(call);
    return restore_recipe(flavour_, settings ? settings->user : "root", parts);
}

}  // namespace bkt::mysql
