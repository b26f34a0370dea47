#include "plugins/engines/redis/restore.hpp"

#include <algorithm>
#include <array>

#include "plugins/engines/redis/acl_format.hpp"
#include "plugins/engines/redis/rdb_format.hpp"
#include "plugins/engines/redis/restore_script.hpp"
#include "plugins/engines/redis/server.hpp"

namespace bkt::redis {
namespace {

constexpr std::uint64_t kReadyLimitMs = 180'000;
constexpr std::uint64_t kReadyPauseMs = 300;

// A source whose first bytes were looked at already.
struct Resumed {
    std::string_view front;
    Source rest;
    bkt_source raw() { return {sizeof(bkt_source), 0, this, &read, rest.size_bytes()}; }
    static bkt_rc read(const bkt_source* source, void* bytes, std::uint64_t cap,
                       std::uint64_t* len) noexcept {
        auto& self = *static_cast<Resumed*>(source->ctx);
        if (self.front.empty()) return self.rest.raw()->read(self.rest.raw(), bytes, cap, len);
        *len = std::min<std::uint64_t>(cap, self.front.size());
        std::copy_n(self.front.data(), *len, static_cast<char*>(bytes));
        self.front.remove_prefix(*len);
        return BKT_OK;
    }
};

Result<std::string> read_magic(const Source& source) {
    std::string magic(kRdbMagicBytes, '\0');
    std::size_t got = 0;
    while (got < magic.size()) {
        const auto into = std::as_writable_bytes(std::span(magic)).subspan(got);
        BKT_LET(const std::size_t n, source.read(into));
        if (n == 0) break;
        got += n;
    }
    magic.resize(got);
    if (!rdb_version(magic)) return Error{Code::corrupt, "the backup is no RDB file"};
    return magic;
}

Error explain_exit(const Tools& tools, const ExecResult& r) {
    const std::string said = detail::last_line(r.stderr_tail);
    const std::string because = said.empty() ? "" : ": " + said;
    switch (r.exit_code) {
        case 126:
        case 127:
            return {Code::unsupported, "the container has no shell to run" + because,
                    "put the file into the server's data folder as RESTORE.txt says"};
        case kNoServerProgram:
            return {Code::unsupported, "the container has no '" + tools.family() + "-server'",
                    "put the file into the server's data folder as RESTORE.txt says"};
        case kNoConfig:
            return {Code::denied, "the server does not let this user use CONFIG",
                    "restore as a user that may (CONFIG, REPLICAOF, INFO), or as RESTORE.txt says"};
        case kNoRoom:
        case kNotReceived:
            return {Code::no_space, "the container could not take the file" + because,
                    "free space for it in the server's data folder"};
        case kNotLoaded:
            return {
                Code::failed,
                "a second server in the container could not load the backup, so nothing was "
                "touched" +
                    because,
                "it needs as much memory again as the data, the same or a newer version, and the "
                "same modules"};
        case kHelperDied:
            return {
                Code::failed, "the second server ended while the data were replaced" + because,
                "look for memory limits: restore needs the data in memory twice; the server may "
                "have lost its old data"};
        case kNoLink:
            return {Code::failed,
                    "the server did not reach the second server on 127.0.0.1" + because,
                    "look into its log: it must be in this container, without tls-replication, and "
                    "have memory for the data; it may have lost its old data"};
        case kNotReplaced:
            return {Code::failed, "the server refused to have its data replaced" + because,
                    "it must accept REPLICAOF and CONFIG SET from this user"};
        case kLeftAsReplica:
            return {Code::failed, "the server could not be set back: it is still a replica",
                    "when it answers again: " + tools.client() + " REPLICAOF NO ONE"};
        default: return Exec::failure("sh", r);
    }
}

Result<Server> wait_until_ready(Tools& tools) {
    for (std::uint64_t waited_ms = 0;; waited_ms += kReadyPauseMs) {
        auto server = Server::ask(tools);
        if (server && !server->is_loading) return server;
        if (!server && server.error().code != Code::unavailable) return server;
        if (waited_ms >= kReadyLimitMs) {
            if (!server) return server;
            return Error{Code::timeout, "the server is still loading its data after 180 s"};
        }
        BKT_TRY(tools.call().sleep_ms(kReadyPauseMs));
    }
}

// The second server loads the file where the first one runs: its volume, its memory limit, its 127.0.0.1.
Status check_place(const Settings& settings) {
    if (settings.in_the_container()) return {};
    return Error{Code::unsupported,
                 "a restore into a running server needs programs and room in its container, which "
                 "mode '" +
                     settings.mode + "' does not use",
                 "restore into a new container (leave --to out), or set baktainer.mode=exec"};
}

// What no restore can be done into, whatever the server holds.
Status check_server(const Tools& tools, const Server& server) {
    if (!tools.call().config("restore.database").empty())
        return Error{Code::invalid,
                     "a Redis backup is a whole server: there is no other name for it",
                     "leave the database's name out"};
    if (server.is_cluster)
        return Error{Code::unsupported, "the server is a node of a cluster",
                     "restore each node's file into its data folder as RESTORE.txt says"};
    if (server.is_replica && server.link_is_up)
        return Error{Code::unsupported, "the server is a replica", "restore into its master"};
    return {};
}

// What can be refused is refused before anything is sent.
Status check_free(const Tools& tools, const Server& server) {
    if (!server.is_empty() && tools.call().config("restore.clean") != "true")
        return Error{Code::exists,
                     "the server holds " + std::to_string(server.keys) + " keys and " +
                         std::to_string(server.functions) + " function libraries",
                     "empty it, or restore with --clean, which replaces them all"};
    return {};
}

Status check_version(const Tools& tools, const Server& server, const std::string& magic) {
    BKT_LET(const ExecResult r,
            tools.call()
                .exec({"sh", "-c", kVersionScript, "baktainer", tools.family() + "-check-rdb",
                       magic, target_tag(tools.call())})
                .result());
    if (r.exit_code != 1) return {};
    return Error{Code::unsupported,
                 "the backup is an RDB of version " + std::to_string(*rdb_version(magic)) +
                     ", which " + server.product + " " + server.version + " cannot read",
                 "restore into a server of at least the version the backup was made from"};
}

Status restore_data(const Tools& tools, const Server& server, const Source& source) {
    BKT_LET(const std::string magic, read_magic(source));
    BKT_TRY(check_version(tools, server, magic));
    Resumed resumed{magic, source};
    const bkt_source raw = resumed.raw();
    const Settings& s = tools.settings();
    Exec script = tools.with_password({"sh", "-c", kRestoreScript, "baktainer", tools.client(),
                                       tools.family() + "-server", s.user, s.host, s.port, s.socket,
                                       target_tag(tools.call()), kExecMark});
    BKT_LET(const ExecResult r, script.in(Source(&raw)).result());
    if (r.exit_code != 0) return explain_exit(tools, r);
    return {};
}

// Who may enter is the server's configuration and not changed by a restore; said only where there is more than
// the default user.
Status look_at_users(const Tools& tools, PartsIn& in) {
    BKT_LET(const Source source, in.open(kAclPart));
    std::string text;
    std::array<std::byte, 16384> buffer;
    for (;;) {
        BKT_LET(const std::size_t n, source.read(buffer));
        if (n == 0) break;
        text.append(as_text(Bytes(buffer).first(n)));
        if (text.size() > kMaxAclBytes)
            return Error{Code::corrupt, "the list of users is larger than 8 MiB"};
    }
    BKT_TRY(check_acl(text));
    if (std::count(text.begin(), text.end(), '\n') > 2)
        tools.call().log_warning(
            "the users in 'acl.txt' are not restored, for who may enter is the server's own "
            "configuration; RESTORE.txt says how to take them over");
    return {};
}

}  // namespace

Status check_restore(const Tools& tools, const Server& server) {
    BKT_TRY(check_place(tools.settings()));
    return check_server(tools, server);
}

Status restore_parts(Tools& tools, PartsIn& in) {
    const auto names = in.names();
    for (const auto& name : names)
        if (name != kRdbPart && name != kAclPart)
            return Error{Code::unsupported, "part '" + name + "' is none of this engine's"};
    BKT_TRY(check_place(tools.settings()));
    BKT_LET(const Server server, wait_until_ready(tools));
    BKT_TRY(check_server(tools, server));
    BKT_TRY(check_free(tools, server));
    const auto has = [&](std::string_view part) {
        return std::find(names.begin(), names.end(), part) != names.end();
    };
    if (has(kAclPart)) BKT_TRY(look_at_users(tools, in));
    if (has(kRdbPart)) {
        BKT_LET(const Source source, in.open(kRdbPart));
        BKT_TRY(restore_data(tools, server, source));
        BKT_LET(const Server now, Server::ask(tools));
        if (now.is_replica)
            return Error{Code::failed, "the server is still a replica",
                         "run in it: " + tools.client() + " REPLICAOF NO ONE"};
        tools.call().log_info("restored " + std::to_string(now.keys) + " keys");
    }
    return {};
}

}  // namespace bkt::redis
