#include "plugins/engines/influxdb/portable_backup.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>

#include "plugins/engines/influxdb/backup_tar.hpp"
#include "plugins/engines/influxdb/recipe.hpp"
#include "plugins/engines/influxdb/shards.hpp"

namespace bkt::influxdb {
namespace {

constexpr std::uint64_t kReadyLimitMs = 180'000;
constexpr std::uint64_t kReadyPauseMs = 300;
// A server that answers on its loopback only, for so long, is taken for the real one.
constexpr std::uint64_t kLoopbackOnlyMs = 20'000;

enum Exit {
    kNoTar = 91,
    kNoTemp = 92,
    kBackupFailed = 93,
    kSendFailed = 94,
    kReceiveFailed = 95,
    kRestoreFailed = 96,
    kNoShard = 97  // a database without data, which `influxd restore` refuses (seen in 1.6.7)
};

// Every script: $1 the database, $2 tag. A folder only this user may enter; leftovers of a killed run go first.
// TMPDIR may be a volume that a new container of the image has not.
// The server's own port is where INFLUXDB_BIND_ADDRESS says, on this machine.
const std::string kFolder = R"sh(
umask 077
command -v influxd >/dev/null 2>&1 || exit 127
command -v tar >/dev/null 2>&1 || exit 91
bind=${INFLUXDB_BIND_ADDRESS:-127.0.0.1:8088}
rpc=127.0.0.1:${bind##*:}
temp=${TMPDIR:-/tmp}
[ -d "$temp" ] || temp=/tmp
rm -rf "$temp/baktainer-$2".* 2>/dev/null
dir=$(mktemp -d "$temp/baktainer-$2.XXXXXXXXXX") || exit 92
trap 'rm -rf "$dir"' EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
trap 'exit 129' HUP
)sh";
const std::string kDumpScript = kFolder + R"sh(
influxd backup -portable "-host=$rpc" "-db=$1" "$dir" >&2 || exit 93
tar -C "$dir" -cf - . || exit 94
)sh";
// $3 the new name, may be the same. Says how many shards it sent, and how many with data, which a shard's tar begins with.
const std::string kRestoreScript = kFolder + R"sh(
tar -C "$dir" -xof - || exit 95
grep -q '"shardID"' "$dir"/*.manifest || exit 97
shards=0 filled=0
for shard in "$dir"/*.tar.gz; do
    shards=$((shards + 1))
    if tar -tzf "$shard" 2>/dev/null | grep -q '\.tsm$'; then filled=$((filled + 1))
    else tar -tzf "$shard" >/dev/null || exit 91; fi
done
if [ "$1" = "$3" ]; then set -- "-db=$1"; else set -- "-db=$1" "-newdb=$3"; fi
influxd restore -portable "-host=$rpc" "$@" "$dir" >&2 || exit 96
echo "$shards $filled"
)sh";
// $1 the port or "". Whether the server answers on the container's own address: while an image sets itself up, it
// runs a server without accounts on the loopback only, which will end. Without a name there is none to ask.
constexpr const char* kReadyScript = R"sh(
own=$(hostname -i 2>/dev/null) || exit 0
own=${own%% *}
[ "$own" ] || exit 0
influx "-host=$own" ${1:+"-port=$1"} -execute 'SHOW DATABASES' 2>&1 | grep -q 'Failed to connect' && exit 1
exit 0
)sh";
// A line of each database given: kilobytes of its files, where they are to be seen.
constexpr const char* kSizesScript = R"sh(
for name; do du -sk "${INFLUXDB_DATA_DIR:-/var/lib/influxdb/data}/$name" 2>/dev/null || echo 0; done)sh";

Error explain(const ExecResult& r) {
    const std::string said = detail::last_line(r.stderr_tail);
    const std::string because = said.empty() ? "" : ": " + said;
    switch (r.exit_code) {
        case 126:
        case 127:
            return {Code::unsupported, "the container has no shell or no 'influxd'" + because,
                    "use an image with sh, tar, mktemp and influxd"};
        case kNoTar:
            return {Code::unsupported, "the container has no 'tar', or one that knows no gzip",
                    "use an image with sh, tar, gzip, mktemp and influxd"};
        case kNoTemp:
            return {Code::no_space, "no temporary folder could be made in the container" + because,
                    "the container needs a writable /tmp with room for the backup"};
        case kBackupFailed:
            return {
                Code::failed, "'influxd backup' failed" + because,
                "the server must take connections on its own port, 8088, and /tmp must have room "
                "for the backup"};
        case kSendFailed: return {Code::failed, "the backup could not be read" + because};
        case kReceiveFailed:
            return {Code::no_space, "the container could not take the backup's files" + because,
                    "the container's /tmp needs room for the backup"};
        case kRestoreFailed:
            return {Code::failed, "'influxd restore' failed" + because,
                    "look into the server's log for the reason"};
        default: return Exec::failure("sh", r);
    }
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
    return text.empty() ? "none" : text.substr(0, 500);
}

Result<std::vector<std::string>> chosen(const Tools& tools, Plan& plan) {
    BKT_LET(auto there, tools.databases());
    auto wanted = tools.settings().databases;
    const bool named = !wanted.empty();
    if (Plan::is_safety(tools.call()) && tools.sees_all())
        std::erase_if(wanted, [&](const auto& name) {
            if (contains(there, name)) return false;
            plan.gone("database '" + name + "'");
            return true;
        });
    for (const auto& name : wanted)
        if (!contains(there, name))
            return Error{Code::not_found, "the server has no database '" + name + "'",
                         "this account sees: " + joined(there)};
    if (named) return wanted;
    return there;
}

// Of each of `databases`; 0 = unknown. Each answer is a line that begins with a number.
std::vector<std::uint64_t> sizes_of(const Tools& tools, const std::vector<std::string>& databases) {
    std::string said;
    const auto r = tools.script(kSizesScript, databases).capture(said, 4u << 20).result();
    std::vector<std::uint64_t> sizes(databases.size());
    std::size_t at = 0;
    for (auto& size : sizes) {
        if (!r || at >= said.size()) break;
        std::uint64_t kilobytes = 0;
        std::from_chars(said.data() + at, said.data() + said.size(), kilobytes);
        size = kilobytes * 1024;
        at = std::min(said.find('\n', at), said.size() - 1) + 1;
    }
    return sizes;
}

Result<bool> is_the_real_one(const Tools& tools) {
    if (!tools.settings().host.empty()) return true;
    BKT_LET(const ExecResult r, tools.script(kReadyScript, {tools.settings().port}).result());
    return r.exit_code != 1;
}

Result<std::vector<std::string>> wait_until_ready(const Tools& tools) {
    for (std::uint64_t waited_ms = 0;; waited_ms += kReadyPauseMs) {
        BKT_LET(const bool real, is_the_real_one(tools));
        if (real || waited_ms >= kLoopbackOnlyMs) {
            auto there = tools.databases();
            if (there || there.error().code != Code::unavailable || waited_ms >= kReadyLimitMs)
                return there;
        }
        BKT_TRY(tools.call().sleep_ms(kReadyPauseMs));
    }
}

// `said`: by kRestoreScript.
Status is_taken(const Tools& tools, const std::string& database, const std::string& said) {
    Shards sent;
    if (!(std::istringstream(said) >> sent.all >> sent.filled))
        return Error{Code::failed, "the restore did not say how many shards it sent"};
    const auto gone = wait_until_taken(tools, database, sent);
    if (gone && *gone > 0)
        tools.call().log_warning(
            "the server dropped " + std::to_string(*gone) + " of " + std::to_string(sent.all) +
            " shards of '" + database +
            "' at once: as a rule, what is older than its retention policy keeps");
    if (gone) return {};
    if (gone.error().code != Code::denied) return gone.error();
    tools.call().log_warning(
        "whether the server took in all of '" + database +
        "' could not be seen: only an administrator may ask. A failure is in the server's log");
    return {};
}

// What is half done is dropped again, lest an application find it.
Status restore_database(const Tools& tools, const Source& source, const std::string& from,
                        const std::string& to) {
    std::string said;
    const auto r = tools.script(kRestoreScript, {from, target_tag(tools.call(), to), to})
                       .in(source)
                       .capture(said, 64)
                       .result();
    if (r && r->exit_code == kNoShard) {
        tools.call().log_info("database '" + to + "' holds no data: it was made new");
        return tools.create_database(to);
    }
    Status done = !r                  ? Status(r.error())
                  : r->exit_code != 0 ? Status(explain(*r))
                                      : is_taken(tools, to, said);
    if (done) return {};
    Error error = std::move(done).error();
    if (r && (r->exit_code == kRestoreFailed || r->exit_code == 0))
        if (const auto dropped = tools.drop(to); !dropped)
            error.hint = "half of it may be there: drop the database '" + to + "'";
    return std::move(error).within("restoring '" + to + "'");
}

}  // namespace

Status PortableBackup::plan(Call& call, Plan& plan) {
    BKT_LET(Settings settings, Settings::load(call));
    BKT_LET(const Tools tools, Tools::create(call, std::move(settings)));
    version_ = tools.version();
    BKT_LET(chosen_, chosen(tools, plan));
    if (chosen_->empty() && Plan::is_safety(call) && tools.sees_all()) {
        if (tools.settings().databases.empty()) plan.gone("a database");
        return {};
    }
    if (chosen_->empty())
        return Error{Code::not_found, "the server has no database this account sees",
                     "create one, or use an account with ALL PRIVILEGES"};
    std::uint64_t largest = 0;
    const auto sizes = sizes_of(tools, *chosen_);
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        largest = std::max(largest, sizes[i]);
        BKT_TRY(plan.part(part_name((*chosen_)[i], ".tar"), kBackupMedia, sizes[i]));
    }
    plan.consistency(BKT_CONSISTENCY_NONE);
    plan.note("each shard is one moment in itself, not with the others");
    plan.note(
        "the container's /tmp (or TMPDIR) holds the backup of one database at a time, about " +
        std::to_string((largest >> 20) + 1) + " MiB");
    plan.note(
        "users, their rights and continuous queries are left out: 'influxd restore' does not bring "
        "them "
        "back");
    return {};
}

Status PortableBackup::dump(Call& call, PartsOut& out) {
    if (!chosen_) return Error{Code::bug, "dump before plan"};
    BKT_LET(Settings settings, Settings::load(call));
    BKT_LET(const Tools tools, Tools::create(call, std::move(settings), version_));
    out.fact("server_version", tools.version());
    out.fact("tool_version", tools.version());
    for (const auto& name : *chosen_) {
        const PartOut part = out.begin(part_name(name, ".tar"));
        BKT_TRY(part.opened());
        const Sink sink = part.sink();
        Exec script = tools.script(kDumpScript, {name, target_tag(call, name)});
        BKT_LET(const ExecResult r, script.out(sink).result());
        if (r.exit_code != 0) return explain(r).within("backing up database '" + name + "'");
        BKT_TRY(part.finish(r.exit_code, r.stdout_bytes));
    }
    return {};
}

Status PortableBackup::restore(Call& call, PartsIn& in) {
    BKT_LET(Settings settings, Settings::load(call));
    BKT_LET(const Tools tools, Tools::create(call, std::move(settings)));
    const std::string elsewhere = call.config("restore.database");
    if (!elsewhere.empty()) BKT_TRY(check_name("restore.database", elsewhere));
    const auto parts = in.names();
    if (!elsewhere.empty() && parts.size() > 1)
        return Error{Code::invalid,
                     "several databases cannot all be restored to '" + elsewhere + "'",
                     "restore one part at a time"};
    BKT_LET(const auto there, wait_until_ready(tools));
    const bool clean = call.config("restore.clean") == "true";
    // Everything that can be refused is refused before the first change.
    for (const auto& part : parts) {
        const auto database = database_of(part);
        if (!database)
            return Error{Code::unsupported, "part '" + part + "' is none of this engine's"};
        const std::string& to = elsewhere.empty() ? *database : elsewhere;
        if (contains(there, to) && !clean)
            return Error{Code::exists, "the database '" + to + "' exists",
                         "drop it, restore under another name, or restore with --clean"};
    }
    for (const auto& part : parts) {
        const std::string from = *database_of(part);
        const std::string to = elsewhere.empty() ? from : elsewhere;
        BKT_LET(const Source source, in.open(part));
        if (contains(there, to)) BKT_TRY(tools.drop(to));
        BKT_TRY(restore_database(tools, source, from, to));
    }
    return {};
}

}  // namespace bkt::influxdb
