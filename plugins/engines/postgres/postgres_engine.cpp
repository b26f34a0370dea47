#include "plugins/engines/postgres/postgres_engine.hpp"

#include <algorithm>

#include "plugins/engines/postgres/custom_format.hpp"
#include "plugins/engines/postgres/parts.hpp"
#include "plugins/engines/postgres/plain_format.hpp"
#include "plugins/engines/postgres/recipe.hpp"
#include "plugins/engines/postgres/restore.hpp"

namespace bkt::postgres {
namespace {

constexpr std::string_view kFamilies[] = {"postgres", "postgis", "timescaledb", "pgvector"};

// The image's own variables, as the official image defines them.
void settings_of(const TargetView& target, Recognition& out) {
    const auto user = target.env("POSTGRES_USER").value_or("");
    out.setting("db.user", user.empty() ? "postgres" : user,
                user.empty() ? "the image's default" : "POSTGRES_USER");
    const auto database = target.env("POSTGRES_DB").value_or("");
    out.setting("db.name",
                !database.empty() ? database
                : user.empty()    ? "postgres"
                                  : user,
                !database.empty() ? "POSTGRES_DB" : "the image's default: the user's name");
    if (target.env("POSTGRES_PASSWORD"))
        out.setting("db.password", "env:POSTGRES_PASSWORD", "POSTGRES_PASSWORD");
    else if (const auto file = target.env("POSTGRES_PASSWORD_FILE"))
        out.setting("db.password", "file:" + std::string(*file), "POSTGRES_PASSWORD_FILE");
}

}  // namespace

Status PostgresEngine::recognise(Call&, const TargetView& target, Recognition& out) {
    const auto family = target.image_family();
    if (std::find(std::begin(kFamilies), std::end(kFamilies), family) != std::end(kFamilies))
        out.score(100, "the image is '" + std::string(family) + "'");
    else if (target.env("POSTGRES_USER") || target.env("POSTGRES_DB") ||
             target.env("POSTGRES_PASSWORD") || target.env("POSTGRES_PASSWORD_FILE"))
        out.score(50, "its environment has POSTGRES_ variables");
    else return {};
    out.modes(BKT_MODE_EXEC | BKT_MODE_SIDECAR | BKT_MODE_REMOTE);
    settings_of(target, out);
    return {};
}

Status PostgresEngine::plan(Call& call, Plan& plan) {
    BKT_LET(Settings settings, Settings::load(call));
    BKT_LET(const Tools tools, Tools::create(call, std::move(settings)));
    BKT_LET(server_, Server::ask(tools));
    BKT_LET(chosen_, chosen_databases(*server_, tools.settings()));
    if (chosen_.empty())
        return Error{Code::not_found, "the server has no database to back up", "check 'db.name'"};

    BKT_TRY(plan.part(kGlobalsPart, kGlobalsMedia));
    const bool custom = tools.settings().format == Format::custom;
    for (const auto& d : chosen_)
        BKT_TRY(plan.part(database_part(d.name, tools.settings().format),
                          custom ? kCustomMedia : kPlainMedia, d.size_bytes));
    plan.consistency(BKT_CONSISTENCY_TRANSACTIONAL);
    if (!server_->reads_passwords)
        plan.note("role '" + tools.settings().user +
                  "' may not read role passwords: roles are saved without them");
    if (!server_->reads_all_data)
        plan.note(
            "role '" + tools.settings().user +
            "' is neither superuser nor a member of pg_read_all_data: the backup fails if it may "
            "not read every table");
    if (chosen_.size() > 1)
        plan.note("each database is one committed state in itself, not with the others");
    return {};
}

Status PostgresEngine::dump(Call& call, PartsOut& out) {
    if (!server_) return Error{Code::bug, "dump before plan"};
    BKT_LET(Settings settings, Settings::load(call));
    BKT_LET(const Tools tools, Tools::create(call, std::move(settings)));
    BKT_LET(const std::string tool, tools.version("pg_dump"));
    out.fact("server_version", server_->version);
    out.fact("tool_version", tool);
    BKT_TRY(dump_globals(tools, out));
    for (const auto& database : chosen_) BKT_TRY(dump_database(tools, database, out));
    return {};
}

Status PostgresEngine::dump_globals(const Tools& tools, PartsOut& out) {
    std::vector<std::string> options{"--globals-only"};
    if (!server_->reads_passwords) options.emplace_back("--no-role-passwords");
    const PartOut part = out.begin(kGlobalsPart);
    BKT_TRY(part.opened());
    const Sink sink = part.sink();
    Exec tool = tools.run("pg_dumpall", std::move(options));
    BKT_LET(const ExecResult r, tool.out(sink).result());
    BKT_TRY(succeeded("pg_dumpall", r));
    return part.finish(r.exit_code, r.stdout_bytes);
}

Status PostgresEngine::dump_database(const Tools& tools, const Database& database, PartsOut& out) {
    const bool custom = tools.settings().format == Format::custom;
    std::vector<std::string> options{"--dbname=" + connection_string(database.name)};
    // Uncompressed, because the pipeline compresses better and with more threads. A plain dump brings
    // its database with it, as pg_restore --create can do for the other.
    if (custom) options.insert(options.end(), {"--format=custom", "--compress=0"});
    else options.insert(options.end(), {"--format=plain", "--create"});
    const PartOut part = out.begin(database_part(database.name, tools.settings().format));
    BKT_TRY(part.opened());
    const Sink sink = part.sink();
    Exec tool = tools.run("pg_dump", std::move(options));
    BKT_LET(const ExecResult r, tool.out(sink).result());
    if (Status done = succeeded("pg_dump", r); !done)
        return std::move(done).error().within("dumping database '" + database.name + "'");
    return part.finish(r.exit_code, r.stdout_bytes);
}

Status PostgresEngine::restore(Call& call, PartsIn& in) {
    BKT_LET(Settings settings, Settings::load(call));
    BKT_LET(const Tools tools, Tools::create(call, std::move(settings)));
    return restore_parts(tools, in);
}

Result<std::unique_ptr<Tap>> PostgresEngine::validator(Call&, std::string_view name,
                                                       std::string_view media_type, bool) {
    if (media_type == kCustomMedia) return custom_format_tap();
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
