#include "plugins/engines/sqlite/container_files.hpp"

#include <charconv>

#include "plugins/engines/sqlite/said_lines.hpp"

namespace bkt::sqlite {
namespace {

// What the scripts' exit codes mean. Beyond what a shell or sqlite3 would use itself, below signals.
enum Exit {
    kGone = 89,
    kNoTool = 90,
    kNoFile = 91,
    kNoTemp = 92,
    kCopyFailed = 93,
    kNotIntact = 94,
    kTaken = 95,
    kNoFolder = 96,
    kReceiveFailed = 97,
    kPublishFailed = 98,
    kStaleJournal = 99,
};

// $1 path. Prints size, journal mode and version of the tool.
constexpr const char* kPlanScript = R"sh(
command -v sqlite3 >/dev/null 2>&1 || exit 90
[ -e "$1" ] || [ -L "$1" ] || ! [ -x "${1%/*}/" ] || exit 89
[ -f "$1" ] && [ -r "$1" ] || exit 91
wc -c <"$1"
sqlite3 -init /dev/null -batch -readonly "$1" 'PRAGMA journal_mode;' || exit 93
sqlite3 -version
)sh";

// $1 path, $2 tag. The copy goes to a folder only this user may enter, under a name nobody can guess
// first; folders that a killed run of the same target left are removed before. stdout: the copy.
// stderr: facts, and last the copy's size, so that a cut stream cannot look whole.
constexpr const char* kDumpScript = R"sh(
umask 077
command -v sqlite3 >/dev/null 2>&1 || exit 90
[ -f "$1" ] && [ -r "$1" ] || exit 91
rm -rf "/tmp/baktainer-$2".* 2>/dev/null
dir=$(mktemp -d "/tmp/baktainer-$2.XXXXXXXXXX") || exit 92
trap 'rm -rf "$dir"' EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
trap 'exit 129' HUP
cd "$dir" || exit 92
ask() { sqlite3 -init /dev/null -batch -bail -readonly "$@"; }
ask "$1" '.timeout 30000' 'BEGIN;' 'SELECT count(*) FROM sqlite_master;' '.backup copy.sqlite' 'COMMIT;' >/dev/null || exit 93
said=$(ask copy.sqlite 'PRAGMA integrity_check(3);') || { printf '%s\n' "$said" >&2; exit 94; }
[ "$said" = ok ] || { printf '%s\n' "$said" >&2; exit 94; }
for fact in page_count page_size user_version journal_mode; do
    echo "baktainer-fact $fact $(ask copy.sqlite "PRAGMA $fact;")" >&2
done
echo "baktainer-fact tool $(sqlite3 -version)" >&2
echo "baktainer-size $(wc -c <copy.sqlite)" >&2
cat copy.sqlite
)sh";

// $1 path, $2 tag, $3 "clean" or "". stdin: the database.
constexpr const char* kRestoreScript = R"sh(
umask 077
command -v sqlite3 >/dev/null 2>&1 || exit 90
[ -d "${1%/*}/" ] || exit 96
if [ -e "$1" ] || [ -L "$1" ]; then there=1; else there=; fi
[ -z "$there" ] || [ "$3" = clean ] || exit 95
rm -rf "${1%/*}/.baktainer-$2".* 2>/dev/null
dir=$(mktemp -d "${1%/*}/.baktainer-$2.XXXXXXXXXX") || exit 92
trap 'rm -rf "$dir"' EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
trap 'exit 129' HUP
cd "$dir" || exit 92
cat >copy.sqlite || exit 97
said=$(sqlite3 -init /dev/null -batch -bail copy.sqlite 'PRAGMA integrity_check(3);') || { printf '%s\n' "$said" >&2; exit 94; }
[ "$said" = ok ] || { printf '%s\n' "$said" >&2; exit 94; }
if [ "$there" ]; then
    sqlite3 -init /dev/null -batch -bail "$1" '.timeout 30000' '.restore copy.sqlite' || exit 93
    exit 0
fi
for companion in "$1-wal" "$1-shm" "$1-journal"; do
    [ -e "$companion" ] || continue
    [ "$3" = clean ] || exit 99
    rm -f "$companion" || exit 98
done
rm -f copy.sqlite-wal copy.sqlite-shm
sync 2>/dev/null
ln copy.sqlite "$1" || exit 98
sync 2>/dev/null
exit 0
)sh";

std::vector<std::string> shell(const char* script, std::vector<std::string> words) {
    std::vector<std::string> argv{"sh", "-c", script, "baktainer"};
    for (auto& w : words) argv.push_back(std::move(w));
    return argv;
}

Error explain(const ExecResult& r, const std::string& path) {
    const std::string file = "'" + path + "' in the container";
    const std::string said = detail::last_line(r.stderr_tail);
    const std::string because = said.empty() ? "" : ": " + said;
    switch (r.exit_code) {
        case 126:
        case 127:
            return {Code::unsupported, "the container has no shell to run" + because,
                    "use an image with sh, mktemp and sqlite3, or mount the file and name it as a "
                    "local target"};
        case kNoTool:
            return {Code::unsupported, "the container has no 'sqlite3' tool",
                    "add the sqlite3 package to the image, or name the file as a local target of "
                    "this machine"};
        case kNoFile:
            return {Code::denied, "there is no readable file " + file,
                    "check 'db.name' and the container's user"};
        case kNoTemp:
            return {Code::no_space, "no temporary folder could be made in the container" + because,
                    "the container needs a writable /tmp with room for a copy of the database (a "
                    "tmpfs will do)"};
        case kCopyFailed: {
            const bool busy = said.find("locked") != said.npos || said.find("busy") != said.npos;
            const bool full = said.find("full") != said.npos;
            const bool foreign = said.find("not a database") != said.npos;
            return {busy      ? Code::unavailable
                    : full    ? Code::no_space
                    : foreign ? Code::corrupt
                              : Code::failed,
                    "sqlite3 could not copy " + file + because,
                    busy   ? "another process holds a lock: let its transaction end and run again"
                    : full ? "the container's /tmp needs room for a copy of the database"
                    : foreign ? "the file is no SQLite database, or an encrypted one"
                              : ""};
        }
        case kNotIntact:
            return {Code::corrupt, "integrity_check of " + file + " says" + because,
                    "the database is damaged: try 'sqlite3 FILE .recover' on a copy, or restore a "
                    "backup"};
        case kTaken:
            return {Code::exists, file + " exists already and was not overwritten",
                    "name another path, or restore in place with --confirm"};
        case kNoFolder:
            return {Code::not_found, "the folder of " + file + " does not exist", "make it first"};
        case kReceiveFailed:
            return {Code::no_space, "the container could not take the bytes of " + file + because,
                    "free space on the volume"};
        case kPublishFailed:
            return {Code::failed,
                    "the container could not put " + file + " in its place" + because};
        case kStaleJournal:
            return {Code::exists, "a journal of an earlier database lies beside " + file,
                    "remove it if its database is really gone, or restore with --clean"};
        default: return Exec::failure("sh", r);
    }
}

Result<std::uint64_t> stated_size(const ExecResult& r) {
    const auto sizes = marked(r.stderr_tail, "baktainer-size ");
    std::uint64_t bytes = 0;
    if (!sizes.empty()) {
        std::string_view digits = sizes.back().first;
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), bytes);
        if (error == std::errc() && end == digits.data() + digits.size()) return bytes;
    }
    return Error{Code::truncated, "the container did not say how big the copy is"};
}

std::string line_of(const std::string& text, int index) {
    std::size_t at = 0;
    while (index-- > 0) {
        at = text.find('\n', at);
        if (at == text.npos) return {};
        ++at;
    }
    return text.substr(at, text.find('\n', at) - at);
}

// What the scripts call besides the shell's own words.
constexpr const char* kToolsScript =
    "for t in sqlite3 mktemp wc cat rm; do command -v \"$t\" >/dev/null || exit 90; done";

}  // namespace

Result<bool> has_container_tools(Call& call) {
    auto r = call.exec(shell(kToolsScript, {})).result();
    if (r) return r->exit_code == 0;
    // Not even a shell.
    if (r.error().code == Code::not_found || r.error().code == Code::unsupported) return false;
    return std::move(r).error();
}

Result<bool> plan_container_file(Call& call, const DatabaseFile& file, Plan& plan) {
    std::string said;
    BKT_LET(const ExecResult r, call.exec(shell(kPlanScript, {file.path})).capture(said).result());
    if (r.exit_code == kGone) return false;
    if (r.exit_code != 0) return explain(r, file.path);
    std::uint64_t bytes = 0;
    const std::string size = line_of(said, 0);
    const auto digits = size.find_first_not_of(' ');
    if (digits != size.npos)
        std::from_chars(size.data() + digits, size.data() + size.size(), bytes);
    if (line_of(said, 1) != "wal")
        plan.note("'" + file.path +
                  "' keeps a rollback journal: commits to it wait while it is copied");
    plan.note("the container's /tmp must hold a copy of '" + file.path + "' for a moment");
    BKT_TRY(plan.part(file.part, kMediaType, bytes));
    return true;
}

Status dump_container_file(Call& call, const DatabaseFile& file, PartsOut& out) {
    const PartOut part = out.begin(file.part);
    BKT_TRY(part.opened());
    const Sink sink = part.sink();
    BKT_LET(
        const ExecResult r,
        call.exec(shell(kDumpScript, {file.path, target_tag(call, file.path)})).out(sink).result());
    if (r.exit_code != 0) return explain(r, file.path);
    BKT_LET(const std::uint64_t bytes, stated_size(r));
    if (bytes != r.stdout_bytes)
        return Error{Code::truncated, "the copy of '" + file.path + "' has " +
                                          std::to_string(bytes) + " bytes in the container, " +
                                          std::to_string(r.stdout_bytes) + " came out"};
    BKT_TRY(part.finish(0, bytes));
    for (const auto& [name, value] : marked(r.stderr_tail, kFactMark)) {
        if (name == "tool") out.fact("sqlite_version", value.substr(0, value.find(' ')));
        else out.fact(file.part + "." + name, value);
    }
    return {};
}

Status restore_container_file(Call& call, const Source& source, const std::string& path,
                              bool clean) {
    BKT_LET(const ExecResult r,
            call.exec(shell(kRestoreScript, {path, target_tag(call, path), clean ? "clean" : ""}))
                .in(source)
                .result());
    if (r.exit_code != 0) return explain(r, path);
    return {};
}

}  // namespace bkt::sqlite
