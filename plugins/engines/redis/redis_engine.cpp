#include "plugins/engines/redis/redis_engine.hpp"

#include <algorithm>

#include "plugins/engines/redis/acl_format.hpp"
#include "plugins/engines/redis/rdb_aux.hpp"
#include "plugins/engines/redis/rdb_format.hpp"
#include "plugins/engines/redis/rdb_stream.hpp"
#include "plugins/engines/redis/recipe.hpp"
#include "plugins/engines/redis/restore.hpp"

namespace bkt::redis {
namespace {

constexpr std::string_view kFamilies[] = {"redis",          "valkey",        "redis-stack-server",
                                          "redis-stack",    "valkey-bundle", "redis-cluster",
                                          "valkey-cluster", "keydb"};

// A client's container has REDIS_PASSWORD too, but then also where its server is.
bool looks_like_a_server(const TargetView& target) {
    const auto app = target.env("BITNAMI_APP_NAME").value_or("");
    if (app.starts_with("redis") || app.starts_with("valkey")) return app != "redis-sentinel";
    if (target.env("REDIS_DOWNLOAD_URL") || target.env("VALKEY_DOWNLOAD_URL")) return true;
    if (target.env("REDIS_HOST") || target.env("REDIS_URL")) return false;
    return target.env("REDIS_PASSWORD") || target.env("REDIS_PASSWORD_FILE") ||
           target.env("VALKEY_PASSWORD") || target.env("VALKEY_PASSWORD_FILE");
}

std::string_view program_of(const TargetView& target) {
    for (const std::string_view name : {"redis-server", "valkey-server", "keydb-server"})
        if (target.runs(name)) return name;
    return {};
}

// Bitnami's variables; the official images have none, but compose files hand one of these names to
// --requirepass, or REDISCLI_AUTH to a health check.
void settings_of(const TargetView& target, Recognition& out) {
    for (const char* name : {"REDIS_PASSWORD", "VALKEY_PASSWORD", "REDISCLI_AUTH"}) {
        if (!target.env(name).value_or("").empty()) {
            out.setting("db.password", "env:" + std::string(name), name);
            break;
        }
        const std::string file_name = std::string(name) + "_FILE";
        if (const auto file = target.env(file_name).value_or(""); !file.empty()) {
            out.setting("db.password", "file:" + std::string(file), file_name);
            break;
        }
    }
    for (const char* name : {"REDIS_PORT_NUMBER", "VALKEY_PORT_NUMBER"})
        if (const auto port = target.env(name).value_or(""); !port.empty()) {
            out.setting("db.port", port, name);
            break;
        }
}

}  // namespace

Status RedisEngine::recognise(Call&, const TargetView& target, Recognition& out) {
    const auto family = target.image_family();
    if (std::find(std::begin(kFamilies), std::end(kFamilies), family) != std::end(kFamilies))
        out.score(100, "the image is '" + std::string(family) + "'");
    else if (looks_like_a_server(target))
        out.score(50, "its environment has variables of Redis or Valkey");
    else if (const auto program = program_of(target); !program.empty())
        out.score(30, "a program '" + std::string(program) + "' runs in it");
    else return {};
    // A backup is the client alone, wherever it runs; only a restore needs the server's own container.
    out.modes(BKT_MODE_EXEC | BKT_MODE_SIDECAR | BKT_MODE_REMOTE);
    settings_of(target, out);
    return {};
}

Status RedisEngine::plan(Call& call, Plan& plan) {
    BKT_LET(Settings settings, Settings::load(call));
    BKT_LET(Tools tools, Tools::create(call, std::move(settings)));
    BKT_LET(server_, Server::ask(tools));
    if (server_->is_loading)
        return Error{Code::unavailable, "the server is still loading its data",
                     "wait until it has started"};
    if (server_->is_replica && !server_->link_is_up)
        return Error{Code::unavailable, "the server is a replica that has lost its master",
                     "back up the master, or mend the link"};
    if (Plan::is_safety(call)) BKT_TRY(check_restore(tools, *server_));

    BKT_TRY(plan.part(kRdbPart, kRdbMedia, server_->dataset_bytes));
    auto users = tools.ask({"ACL", "LIST"}, "user ");
    with_users_ = users.has_value();
    if (with_users_) {
        BKT_TRY(plan.part(kAclPart, kAclMedia, users->size()));
        plan.note(
            "'acl.txt' holds hashes of passwords: encrypt the backup if others read the store");
    } else {
        plan.note("the users (ACL) are left out: the server does not list them to this user");
    }
    plan.consistency(BKT_CONSISTENCY_TRANSACTIONAL);
    plan.note("the server forks: memory that changes during the backup is held twice, " +
              std::to_string(server_->memory_bytes >> 20) + " MiB at most");
    plan.note("only a server of the same or a newer version can read the backup: this is " +
              server_->product + " " + server_->version);
    if (server_->is_replica)
        plan.note("the server is a replica: the backup is as late as its link");
    if (server_->is_cluster)
        plan.note(
            "the server is a node of a cluster: the backup holds its own slots only, and is not "
            "restored by itself");
    // Who may not ask is told by the bytes, when they came.
    const auto checksum = tools.ask({"CONFIG", "GET", "rdbchecksum"}, "rdbchecksum");
    if (checksum && checksum->find("\nno") != checksum->npos)
        plan.note(
            "'rdbchecksum' is off: the backup has no checksum of its own, so that only its "
            "structure "
            "is checked (its beginning, its end and how long it is), and the manifest's digest is "
            "what shows damage later");
    for (const auto& module : server_->modules)
        plan.note("the module '" + module + "' is in use: its data need it at the restore too");
    return {};
}

Status RedisEngine::dump(Call& call, PartsOut& out) {
    if (!server_) return Error{Code::bug, "dump before plan"};
    BKT_LET(Settings settings, Settings::load(call));
    BKT_LET(Tools tools, Tools::create(call, std::move(settings)));
    // Once more, for the password may have to be left out, and what is told should be of now.
    BKT_LET(server_, Server::ask(tools));
    out.fact("server_version", server_->version);
    out.fact("server_product", server_->product);
    out.fact("tool_version", tools.client_version());
    out.fact("keys", std::to_string(server_->keys));
    BKT_TRY(dump_data(tools, out));
    return with_users_ ? dump_users(tools, out) : Status{};
}

Status RedisEngine::dump_data(const Tools& tools, PartsOut& out) {
    const PartOut part = out.begin(kRdbPart);
    BKT_TRY(part.opened());
    RdbStream stream(part.sink());
    const Sink sink = stream.sink();
    BKT_LET(const ExecResult r, tools.run({"--rdb", "-"}).out(sink).result());
    if (r.exit_code > 128) return Exec::failure(tools.client(), r);
    if (r.exit_code != 0) return explain("reading the data by replication", r.stderr_tail);
    BKT_LET(const std::uint64_t bytes, stream.finish(r.stderr_tail));
    BKT_TRY(part.finish(r.exit_code, bytes));
    if (const auto version = rdb_version(std::string_view(stream.head()).substr(0, kRdbMagicBytes)))
        out.fact("rdb_version", std::to_string(*version));
    out.fact("rdb_checksum", stream.has_no_checksum() ? "off" : "crc64");
    const auto aux = rdb_aux(stream.head());
    for (const auto& [field, fact] :
         {std::pair{"repl-id", "replication_id"}, std::pair{"repl-offset", "replication_offset"}})
        if (const auto at = aux.find(field); at != aux.end())
            out.fact(fact, at->second.substr(0, 64));
    return {};
}

Status RedisEngine::dump_users(const Tools& tools, PartsOut& out) {
    BKT_LET(const std::string list, tools.ask({"ACL", "LIST"}, "user "));
    BKT_LET(const std::string text, acl_text(list));
    const PartOut part = out.begin(kAclPart);
    BKT_TRY(part.opened());
    BKT_TRY(part.sink().write(as_bytes(text)));
    return part.finish(0, text.size());
}

Status RedisEngine::restore(Call& call, PartsIn& in) {
    BKT_LET(Settings settings, Settings::load(call));
    BKT_LET(Tools tools, Tools::create(call, std::move(settings)));
    return restore_parts(tools, in);
}

Result<std::unique_ptr<Tap>> RedisEngine::validator(Call&, std::string_view name,
                                                    std::string_view media_type, bool) {
    if (media_type == kRdbMedia) return rdb_tap();
    if (media_type == kAclMedia) return acl_tap();
    return Error{Code::unsupported, "part '" + std::string(name) + "' of type '" +
                                        std::string(media_type) + "' is none of this engine's"};
}

Result<std::string> RedisEngine::recipe(Call&, const std::vector<std::string>& parts) {
    return restore_recipe(parts);
}

}  // namespace bkt::redis
