#include "plugins/engines/mongodb/mongodb_engine.hpp"

#include <algorithm>

#include "plugins/engines/mongodb/restore.hpp"

namespace bkt::mongodb {
namespace {

constexpr std::string_view kFamilies[] = {"mongo",
                                          "mongodb",
                                          "mongodb-community-server",
                                          "mongodb-enterprise-server",
                                          "percona-server-mongodb",
                                          "ferretdb"};

struct Variables {
    const char *user, *password, *file;
};
// The official image's; Bitnami's; Percona's are the official image's.
constexpr Variables kVariables[] = {
    {"MONGO_INITDB_ROOT_USERNAME", "MONGO_INITDB_ROOT_PASSWORD", "MONGO_INITDB_ROOT_PASSWORD_FILE"},
    {"MONGODB_ROOT_USER", "MONGODB_ROOT_PASSWORD", "MONGODB_ROOT_PASSWORD_FILE"},
    {"MONGODB_INITDB_ROOT_USERNAME", "MONGODB_INITDB_ROOT_PASSWORD",
     "MONGODB_INITDB_ROOT_PASSWORD_FILE"},
};

// Where a client's server is.
constexpr const char* kServers[] = {"MONGO_HOST",  "MONGODB_HOST", "MONGO_URL",
                                    "MONGODB_URL", "MONGO_URI",    "MONGODB_URI"};

std::string_view program_of(const TargetView& target) {
    for (const std::string_view name : {"mongod", "ferretdb"})
        if (target.runs(name)) return name;
    return {};
}

// A container that says where its server is only uses one, unless it runs one as well.
bool is_client(const TargetView& target) {
    const bool named = std::any_of(std::begin(kServers), std::end(kServers), [&](const char* name) {
        return !target.env(name).value_or("").empty();
    });
    return named && program_of(target).empty();
}

bool says_anything(const TargetView& target, const Variables& v) {
    return target.env(v.user) || target.env(v.password) || target.env(v.file);
}

void settings_of(const TargetView& target, const Variables& v, Recognition& out) {
    const auto user = target.env(v.user).value_or("");
    const bool secret = target.env(v.password) || target.env(v.file);
    // Bitnami's root is called so unless it is told otherwise.
    if (!user.empty()) out.setting("db.user", user, v.user);
    else if (const auto file = target.env(std::string(v.user) + "_FILE"); !file && secret)
        out.setting("db.user", "root", "the image's default");
    if (target.env(v.password))
        out.setting("db.password", "env:" + std::string(v.password), v.password);
    else if (const auto file = target.env(v.file))
        out.setting("db.password", "file:" + std::string(*file), v.file);
}

}  // namespace

Status MongodbEngine::recognise(Call&, const TargetView& target, Recognition& out) {
    const auto family = target.image_family();
    const auto* variables = std::find_if(std::begin(kVariables), std::end(kVariables),
                                         [&](const auto& v) { return says_anything(target, v); });
    const bool said = variables != std::end(kVariables);
    if (std::find(std::begin(kFamilies), std::end(kFamilies), family) != std::end(kFamilies))
        out.score(100, "the image is '" + std::string(family) + "'");
    else if (is_client(target)) return {};
    else if (said) out.score(50, "its environment has a MongoDB root user");
    else if (const auto program = program_of(target); !program.empty())
        out.score(30, "a program '" + std::string(program) + "' runs in it");
    else return {};
    out.modes(BKT_MODE_EXEC | BKT_MODE_SIDECAR | BKT_MODE_REMOTE);
    out.setting("db.name", "*", "all databases");
    if (said) settings_of(target, *variables, out);
    return {};
}

Status MongodbEngine::check_chosen(const Tools& tools, Plan& plan) {
    if (!server_) return {};
    const bool safety = Plan::is_safety(tools.call()) && server_->sees_all;
    for (const auto& name : tools.settings().databases) {
        if (server_->databases.contains(name)) continue;
        if (safety) {
            gone_.insert(name);
            plan.gone("database '" + name + "'");
            continue;
        }
        std::string there;
        for (const auto& [each, bytes] : server_->databases)
            if (there.size() < 1000) there += (there.empty() ? "'" : ", '") + each + "'";
        return Error{Code::not_found,
                     "there is no database '" + name + "'; the server has " + there,
                     "correct 'db.name', or set it to '*' for all databases"};
    }
    return {};
}

Status MongodbEngine::plan(Call& call, Plan& plan) {
    BKT_LET(Settings loaded, Settings::load(call));
    BKT_LET(const Tools tools, Tools::create(call, std::move(loaded)));
    const Settings& settings = tools.settings();
    BKT_TRY(tools.version("mongodump"));
    BKT_LET(server_, Server::ask(tools));
    BKT_TRY(check_chosen(tools, plan));
    if (!settings.all_databases() && gone_.size() == settings.databases.size()) return {};
    const bool replica_set = server_ && !server_->replica_set.empty();
    if (settings.oplog.value_or(false) && server_ && !replica_set)
        return Error{Code::unsupported, "the server is no replica set, so it has no oplog",
                     "leave out 'db.oplog'"};
    oplog_ = settings.all_databases() && settings.oplog.value_or(replica_set);
    planned_ = true;

    if (settings.all_databases()) {
        std::uint64_t bytes = 0;
        if (server_)
            for (const auto& [name, size] : server_->databases) bytes += size;
        BKT_TRY(plan.part(oplog_ ? kAllWithOplogPart : kAllPart, kMedia, bytes));
    }
    for (const auto& name : settings.databases)
        if (!gone_.contains(name))
            BKT_TRY(plan.part(database_part(name), kMedia, server_ ? server_->databases[name] : 0));
    plan.consistency(oplog_ ? BKT_CONSISTENCY_SNAPSHOT : BKT_CONSISTENCY_NONE);
    if (!oplog_)
        plan.note(
            "without an oplog each collection is read while it changes: the dump is of no "
            "one moment");
    if (!server_)
        plan.note(
            tools.where() +
            " has neither mongosh nor mongo: whether a database is there, and how many documents "
            "it has, cannot be asked beforehand");
    else if (!server_->deleted)
        plan.note(
            "the server does not tell how much it deletes: an archive that lacks documents "
            "is a warning, not a failure");
    if (!settings.all_databases())
        plan.note(
            "users and roles are in database 'admin', which is part of a backup of all "
            "databases only");
    return {};
}

Status MongodbEngine::dump(Call& call, PartsOut& out) {
    if (!planned_) return Error{Code::bug, "dump before plan"};
    BKT_LET(Settings settings, Settings::load(call));
    BKT_LET(const Tools tools, Tools::create(call, std::move(settings)));
    BKT_LET(const std::string tool, tools.version("mongodump"));
    out.fact("tool_version", tool);
    if (server_) {
        out.fact("server_version", server_->version);
        if (!server_->replica_set.empty()) out.fact("replica_set", server_->replica_set);
        // Long after plan() there may be others.
        BKT_LET(server_, Server::ask(tools));
    }
    if (tools.settings().all_databases()) {
        std::vector<std::string> options;
        if (oplog_) options.emplace_back("--oplog");
        BKT_TRY(dump_part(tools, std::string(oplog_ ? kAllWithOplogPart : kAllPart),
                          std::move(options), out));
    }
    for (const auto& name : tools.settings().databases)
        if (!gone_.contains(name))
            BKT_TRY(dump_part(tools, database_part(name), tools.settings().selection_options(name),
                              out));
    return server_ ? compare(tools) : Status{};
}

Status MongodbEngine::dump_part(const Tools& tools, const std::string& name,
                                std::vector<std::string> options, PartsOut& out) {
    const PartOut part = out.begin(name);
    BKT_TRY(part.opened());
    options.insert(options.begin(), "--archive");
    BKT_LET(const ExecResult r, tools.dump(std::move(options), part.sink()));
    if (Status done = succeeded("mongodump", r); !done)
        return std::move(done).error().within("dumping '" + name + "'");
    return part.finish(r.exit_code, r.stdout_bytes);
}

Status MongodbEngine::compare(const Tools& tools) {
    BKT_LET(const auto after, Server::ask(tools));
    if (!after) return {};
    const Settings& settings = tools.settings();
    const auto is_chosen = [&](const Namespace& name) {
        if (name.collection.starts_with("system.") || !settings.selects_everything()) return false;
        if (settings.all_databases()) return !is_system_database(name.database);
        return std::count(settings.databases.begin(), settings.databases.end(), name.database) > 0;
    };
    std::string warning;
    BKT_TRY(compare_counts(
        *server_, *after, *counts_, [&](const Namespace& name) { return exact_count(tools, name); },
        is_chosen, warning));
    if (!warning.empty()) tools.call().log_warning(warning);
    return {};
}

Status MongodbEngine::restore(Call& call, PartsIn& in) {
    BKT_LET(Settings settings, Settings::load(call));
    BKT_LET(const Tools tools, Tools::create(call, std::move(settings)));
    return restore_parts(tools, in);
}

Result<std::unique_ptr<Tap>> MongodbEngine::validator(Call&, std::string_view name,
                                                      std::string_view, bool deep) {
    const auto content = part_content(std::string(name));
    if (!content)
        return Error{Code::unsupported,
                     "part '" + std::string(name) + "' is none of this engine's"};
    return archive_tap(content->database, deep ? nullptr : counts_);
}

Result<std::string> MongodbEngine::recipe(Call&, const std::vector<std::string>& parts) {
    std::string text =
        "# --uri says where the server is, --username who you are; the password is asked for.\n";
    for (const auto& part : parts) {
        const auto content = part_content(part);
        if (!content) continue;
        text +=
            "# --drop replaces the collections that the backup holds.\n"
            "mongorestore --uri=mongodb://127.0.0.1:27017 --drop --stopOnError" +
            std::string(content->oplog ? " --oplogReplay" : "") +
            " --archive=" + shell_quoted(part) + "\n";
    }
    return text;
}

}  // namespace bkt::mongodb
