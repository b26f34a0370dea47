#include "plugins/engines/sqlite/host_files.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <filesystem>

#include "baktainer/unique_fd.hpp"
#include "plugins/engines/sqlite/copied_file.hpp"

namespace bkt::sqlite {
namespace {

constexpr std::size_t kBufferBytes = 1 << 20;

constexpr std::string_view kStagedMark = ".baktainer-";
constexpr std::size_t kStagedDigits = 16;

// Whether somebody works with a staged file is told by a lock: whoever was killed holds none.
bool lock_staged(const UniqueFd& fd) { return fd && ::flock(fd.get(), LOCK_EX | LOCK_NB) == 0; }

// What killed restores to `path` left beside it: as much as the database, for ever.
void remove_leftovers(const std::string& path) {
    const auto slash = path.rfind('/');
    const std::string folder = path.substr(0, slash + 1), begin = path.substr(slash + 1);
    std::error_code unreadable;
    for (const auto& entry : std::filesystem::directory_iterator(folder, unreadable)) {
        const std::string name = entry.path().filename();
        const auto digits = begin.size() + kStagedMark.size();
        if (!name.starts_with(begin + std::string(kStagedMark)) ||
            name.find_first_not_of("0123456789abcdef", digits) != name.npos ||
            name.size() != digits + kStagedDigits)
            continue;
        const UniqueFd fd(::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
        if (lock_staged(fd)) OwnFile{entry.path()};  // goes at once, companions too
    }
}

Status fill_file(const Call& call, const Source& source, const std::string& path) {
    UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd) return file_error(errno, "making", path);
    const auto buffer = std::make_unique<std::byte[]>(kBufferBytes);
    for (std::uint64_t done = 0;;) {
        if (call.cancelled()) return Error{Code::cancelled, "cancelled"};
        BKT_LET(const std::size_t got, source.read({buffer.get(), kBufferBytes}));
        if (got == 0) break;
        for (std::size_t at = 0; at < got;) {
            const ssize_t n = ::write(fd.get(), buffer.get() + at, got - at);
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) return file_error(errno, "writing", path);
            at += static_cast<std::size_t>(n);
        }
        call.progress(done += got, source.size_bytes(), "restoring");
    }
    if (::fsync(fd.get()) != 0) return file_error(errno, "syncing", path);
    if (const int e = fd.close_checked()) return file_error(e, "writing", path);
    return {};
}

Status sync_folder_of(const std::string& path) {
    const std::string folder = path.substr(0, path.rfind('/') + 1);
    const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd || ::fsync(fd.get()) != 0) return file_error(errno, "syncing", folder);
    return {};
}

bool is_there(const std::string& path) {
    struct stat st {};
    return ::lstat(path.c_str(), &st) == 0;
}

// A journal that outlived its database would be played into the restored one and ruin it.
Status clear_companions(const std::string& path, bool clean) {
    for (const char* c : kCompanions) {
        const std::string companion = path + c;
        if (!is_there(companion)) continue;
        if (!clean)
            return Error{Code::exists, "'" + companion + "' is left of an earlier database",
                         "remove it if its database is really gone, or restore with --clean"};
        if (::unlink(companion.c_str()) != 0) return file_error(errno, "removing", companion);
    }
    return {};
}

}  // namespace

Result<bool> plan_host_file(Call& call, const DatabaseFile& file, Plan& plan) {
    auto opened = Connection::open(call, file.path, Connection::Mode::read_only);
    if (!opened && opened.error().code == Code::not_found) return false;
    BKT_LET(const Connection db, std::move(opened));
    BKT_LET(const std::string mode, db.value("PRAGMA journal_mode"));
    BKT_LET(const std::string pages, db.value("PRAGMA page_count"));
    BKT_LET(const std::string page_size, db.value("PRAGMA page_size"));
    if (mode != "wal")
        plan.note("'" + file.path +
                  "' keeps a rollback journal: commits to it wait while it is copied");
    BKT_TRY(
        plan.part(file.part, kMediaType, std::stoull("0" + pages) * std::stoull("0" + page_size)));
    return true;
}

Status dump_host_file(Call& call, const DatabaseFile& file, PartsOut& out) {
    BKT_LET(const auto copy, place_for_copy(call));
    // O_EXCL and 0600 before SQLite would make it with the umask's mode.
    if (!UniqueFd(::open(copy->path().c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)))
        return file_error(errno, "making", copy->path());
    BKT_LET(const Snapshot snapshot, copy_out(call, file.path, copy->path()));
    return send_copy(call, copy->path(), snapshot, file, out);
}

Status restore_host_file(Call& call, const Source& source, const std::string& path, bool clean) {
    const bool replacing = is_there(path);
    if (replacing && !clean)
        return Error{Code::exists, "'" + path + "' exists already and was not overwritten",
                     "name another path, or restore in place with --confirm"};
    remove_leftovers(path);
    OwnFile staged(path + std::string(kStagedMark) + random_hex());
    BKT_TRY(fill_file(call, source, staged.path()));
    // Outlives every connection below: closing any descriptor of a file drops SQLite's own locks on it.
    const UniqueFd held(::open(staged.path().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!lock_staged(held)) return file_error(errno, "locking", staged.path());
    {
        BKT_LET(const Connection db,
                Connection::open(call, staged.path(), Connection::Mode::read_only));
        BKT_TRY(check_integrity(call, db));
    }
    if (replacing) return copy_over(call, staged.path(), path);
    BKT_TRY(clear_companions(path, clean));
    if (::renameat2(AT_FDCWD, staged.path().c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) != 0)
        return file_error(errno, "publishing", path);
    staged.keep();
    return sync_folder_of(path);
}

}  // namespace bkt::sqlite
