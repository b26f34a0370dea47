#include "plugins/engines/postgres/postgres_engine.hpp"

#include <algorithm>

#include "baktainer/together.hpp"
#include "plugins/engines/postgres/custom_format.hpp"
#include "plugins/engines/postgres/parts.hpp"
#include "plugins/engines/postgres/plain_format.hpp"
#include "plugins/engines/postgres/recipe.hpp"
#include "plugins/engines/postgres/recognise.hpp"
#include "plugins/engines/postgres/restore.hpp"
#include "plugins/engines/postgres/timescale.hpp"

namespace bkt::postgres {

Status PostgresEngine::recognise(Call&, const TargetView& target, Recognition& out) {
    recognise_target(target, out);
    return {};
}

Status PostgresEngine::plan(Call& call, Plan& plan) {
    BKT_LET(Settings settings, Settings::load(call));
    BKT_LET(const Filter filter, Filter::load(call));
    if (settings.format == Format::plain && !filter.takes_schema())
        return Error{Code::invalid, "rows alone ('db.only') are dumped in the custom format only",
                     "set 'db.format' to custom"};
    BKT_LET(const Tools tools, Tools::create(call, std::move(settings)));
    BKT_LET(server_, Server::ask(tools));
    BKT_TRY(choose(tools, filter, plan));
    BKT_TRY(plan.part(kGlobalsPart, kGlobalsMedia));
    for (const auto& d : chosen_) BKT_TRY(plan_parts(tools, filter, d, plan));
    plan.consistency(BKT_CONSISTENCY_TRANSACTIONAL);
    say_limits(tools, filter, plan);
    return {};
}

Status PostgresEngine::choose(const Tools& tools, const Filter& filter, Plan& plan) {
    Settings settings = tools.settings();
    bool all_gone = false;
    if (Plan::is_safety(tools.call()) && !settings.all_databases) {
        BKT_LET(const auto gone, gone_databases(tools));
        for (const auto& name : gone) {
            std::erase(settings.databases, name);
            plan.gone("database '" + name + "'");
        }
        all_gone = settings.databases.empty();
    }
    BKT_LET(const auto databases, chosen_databases(*server_, settings));
    if (all_gone) return {};
    if (databases.empty())
        return Error{Code::not_found, "the server has no database to back up", "check 'db.name'"};
    std::vector<Relations> seen;
    for (const auto& database : databases) {
        BKT_LET(auto planned, plan_database(tools, filter, *server_, database));
        seen.push_back(planned.relations);
        if (filter.takes_any(planned.relations)) chosen_.push_back(std::move(planned));
    }
    return filter.check_matches(seen);
}

void PostgresEngine::say_limits(const Tools& tools, const Filter& filter, Plan& plan) const {
    const std::string role = "role '" + tools.settings().user + "'";
    if (!server_->reads_passwords)
        plan.note(role + " may not read role passwords: roles are saved without them");
    if (!server_->reads_all_data)
        plan.note(
            role +
            " is neither superuser nor a member of pg_read_all_data: the backup fails if it may "
            "not read every table");
    if (chosen_.size() > 1)
        plan.note("each database is one committed state in itself, not with the others");
    if (!filter.is_whole()) plan.note("'db.include' and 'db.exclude' leave out tables");
    if (!filter.takes_schema())
        plan.note("rows alone: they are restored into tables that are there and empty");
    for (const auto& d : chosen_)
        if (d.database.has_subscriptions)
            plan.note("database '" + d.database.name + "': its subscriptions " +
                      (server_->superuser ? "come back switched off"
                                          : "are left out, for only a superuser may read them"));
}

// Once where all are of one version, as they nearly always are.
void PostgresEngine::say_timescale(PartsOut& out) const {
    std::string versions;
    for (const auto& d : chosen_)
        if (d.timescale && versions.find(d.timescale->version) == versions.npos)
            versions += (versions.empty() ? "" : ", ") + d.timescale->version;
    if (!versions.empty()) out.fact("timescaledb_version", versions);
}

Status PostgresEngine::dump(Call& call, PartsOut& out) {
    if (!server_) return Error{Code::bug, "dump before plan"};
    BKT_LET(Settings settings, Settings::load(call));
    BKT_LET(const Filter filter, Filter::load(call));
    BKT_LET(const Tools tools, Tools::create(call, std::move(settings)));
    out.fact("server_version", server_->version);
    // Each takes as long as it takes to start a program.
    BKT_TRY(run_together({[&](const Stop&) -> Status {
                              BKT_LET(const std::string tool, tools.version("pg_dump"));
                              out.fact("tool_version", tool);
                              return {};
                          },
                          [&](const Stop&) { return dump_globals(tools, *server_, out); }}));
    say_timescale(out);
    for (const auto& d : chosen_) BKT_TRY(dump_database(tools, filter, *server_, d, out));
    return {};
}

Status PostgresEngine::restore(Call& call, PartsIn& in) {
    BKT_LET(Settings settings, Settings::load(call));
    BKT_LET(const Tools tools, Tools::create(call, std::move(settings)));
    return restore_parts(tools, in);
}

Result<std::unique_ptr<Tap>> PostgresEngine::validator(Call&, std::string_view name,
                                                       std::string_view media_type, bool) {
    if (media_type == kCustomMedia) return custom_format_tap();
    if (media_type == kTimescaleMedia) return timescale_tap();
    if (media_type == kPlainMedia) return plain_format_tap(PlainKind::database);
    if (media_type == kGlobalsMedia) return plain_format_tap(PlainKind::globals);
    return Error{Code::unsupported, "part '" + std::string(name) + "' of type '" +
                                        std::string(media_type) + "' is none of this engine's"};
}

Result<std::string> PostgresEngine::recipe(Call& call, const std::vector<std::string>& parts) {
    const auto settings = Settings::load(call);
    return restore_recipe(settings ? settings->user : "postgres", parts);
}

}  // namespace bkt::postgres
