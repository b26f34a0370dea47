#include "plugins/engines/mysql/mysql_engine.hpp"

#include <algorithm>

#include "plugins/engines/mysql/dump.hpp"
#include "plugins/engines/mysql/dump_format.hpp"
#include "plugins/engines/mysql/parts.hpp"
#include "plugins/engines/mysql/read_lock.hpp"
#include "plugins/engines/mysql/recipe.hpp"
#include "plugins/engines/mysql/restore.hpp"

namespace bkt::mysql {

Status SqlEngine::plan(Call& call, Plan& plan) {
    BKT_LET(Settings settings, Settings::load(call));
    BKT_LET(selection_, Selection::load(call));
    BKT_LET(const Tools tools, Tools::create(call, flavour_, std::move(settings)));
    BKT_LET(server_, Server::ask(tools));
    BKT_LET(tool_, tools.dump_tool(server_->mariadb));
    BKT_LET(const bool all_gone, choose_named(tools, plan));
    if (all_gone && !saves_accounts()) return {};
    if (named_.empty() && !saves_accounts())
        return Error{Code::not_found, "the login sees no database to back up",
                     "check 'db.user' and 'db.name'"};
    BKT_LET(choices_, choose_tables(tools, named_, selection_));
    for (const auto& choice : choices_.taken)
        BKT_TRY(check_sees_all(tools, *server_, choice.database));
    shares_ = divide(choices_.taken, selection_, *server_, tools.settings().parallel);

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

// True = a safety backup's databases are all gone, for sure.
Result<bool> SqlEngine::choose_named(const Tools& tools, Plan& plan) {
    Settings settings = tools.settings();
    const bool safety = Plan::is_safety(tools.call()) && !settings.all_databases;
    if (safety)
        std::erase_if(settings.databases, [&](const auto& name) {
            if (!surely_lacks(*server_, name)) return false;
            plan.gone("database '" + name + "'");
            return true;
        });
    BKT_LET(named_, chosen_databases(*server_, settings));
    return safety && settings.databases.empty();
}

void SqlEngine::add_notes(const Settings& settings, Plan& plan) const {
    note_only(plan);
    if (!shares_.why_not.empty()) plan.note("'parallel': " + shares_.why_not);
    if (!shares_.lists.empty())
        plan.note(std::to_string(choices_.taken.size()) + " databases of one moment, dumped by " +
                  std::to_string(shares_.lists.size()) +
                  " processes: FLUSH TABLES WITH READ LOCK makes who writes wait until all have "
                  "begun, about a second as a rule; where it is not to be had within " +
                  std::to_string(ReadLock::kPatience.count()) +
                  " s, one database is dumped after the other");
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
    if (choices_.taken.size() > 1 && shares_.lists.empty())
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
    out.fact("server_version", server_->version);
    out.fact("tool_version", tool_.name + " " + tool_.version);
    const DumpRun run{tools, *server_, tool_, selection_, saves_accounts(), out};
    if (!shares_.lists.empty()) {
        BKT_LET(const bool done, dump_together(run, shares_));
        if (done) return {};
    }
    return dump_in_turn(run, choices_.taken);
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
