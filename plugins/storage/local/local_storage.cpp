#include "plugins/storage/local/local_storage.hpp"

#include <fcntl.h>
#include <sys/statvfs.h>

#include <charconv>
#include <memory>

#include "plugins/storage/local/io_error.hpp"
#include "plugins/storage/local/staged_file.hpp"
#include "plugins/storage/local/walk.hpp"

namespace bkt::local {
namespace {

constexpr std::size_t kBufferBytes = 1 << 20;
constexpr std::uint64_t kCheckFreeEveryBytes = 64u << 20;

template <class T>
T or_throw(Result<T> result) {
    if (!result) throw std::move(result).error();
    return *std::move(result);
}

Result<std::uint64_t> parse_bytes(const std::string& text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return Error{Code::invalid, "'min_free' is '" + text.substr(0, 80) + "'",
                     "give a number of bytes, such as 1073741824"};
    return value;
}

Error cancelled() { return {Code::cancelled, "cancelled"}; }

Object object_of(std::string key, const struct stat& st) {
    return {std::move(key), static_cast<std::uint64_t>(st.st_size),
            std::int64_t{st.st_mtim.tv_sec} * 1'000'000'000 + st.st_mtim.tv_nsec};
}

// The object as an open file; Code::not_found when it is not there or not a file.
Result<UniqueFd> open_object(const Root& root, const std::string& key, struct stat& st) {
    BKT_LET(const Key parsed, parse_key(key));
    BKT_LET(const auto folder, root.find_folder(parsed.folders));
    const Error missing{Code::not_found, "there is no '" + root.shown(key) + "'"};
    if (!folder) return missing;
    // O_NONBLOCK: a FIFO put there by somebody must not hang us before it is refused.
    UniqueFd fd(::openat(folder->get(), parsed.name.c_str(),
                         O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
    if (!fd && errno == ENOENT) return missing;
    if (!fd) return io_error(errno, "opening", root.shown(key));
    if (::fstat(fd.get(), &st) != 0) return io_error(errno, "looking at", root.shown(key));
    if (!S_ISREG(st.st_mode)) return missing;
    return fd;
}

}  // namespace

LocalStorage::LocalStorage(Call& call) : root_(or_throw(Root::create(call.config("path")))) {
    if (const auto text = call.config("min_free"); !text.empty())
        min_free_bytes_ = or_throw(parse_bytes(text));
}

Status LocalStorage::put(Call& call, const std::string& key, bool replace, const Source& source) {
    BKT_LET(const Key parsed, parse_key(key));
    auto status = write_all(call, parsed, replace, source);
    if (!status) root_.prune(parsed.folders);  // folders made for nothing
    return status;
}

Status LocalStorage::write_all(Call& call, const Key& key, bool replace, const Source& source) {
    BKT_LET(StagedFile file, StagedFile::create(root_, key, replace));
    BKT_TRY(check_free(source.size_bytes()));
    const auto buffer = std::make_unique<std::byte[]>(kBufferBytes);
    std::uint64_t next_check = kCheckFreeEveryBytes;
    for (;;) {
        if (call.cancelled()) return cancelled();
        BKT_LET(const std::size_t n, source.read({buffer.get(), kBufferBytes}));
        if (n == 0) break;
        BKT_TRY(file.append({buffer.get(), n}));
        call.progress(file.size_bytes(), source.size_bytes(), "storing");
        if (file.size_bytes() >= next_check) {
            BKT_TRY(check_free(0));
            next_check = file.size_bytes() + kCheckFreeEveryBytes;
        }
    }
    return file.publish();
}

Status LocalStorage::get(Call& call, const std::string& key, std::uint64_t offset,
                         std::uint64_t length, const Sink& sink) {
    struct stat st {};
    BKT_LET(const UniqueFd fd, open_object(root_, key, st));
    const auto size = static_cast<std::uint64_t>(st.st_size);
    if (offset > size || length > size - offset)
        return Error{Code::truncated,
                     "'" + root_.shown(key) + "' has only " + std::to_string(size) + " bytes",
                     "the object was cut or replaced: verify the backup"};
    std::uint64_t left = length ? length : size - offset;
    const auto buffer = std::make_unique<std::byte[]>(kBufferBytes);
    while (left > 0) {
        if (call.cancelled()) return cancelled();
        const std::size_t want =
            static_cast<std::size_t>(std::min<std::uint64_t>(left, kBufferBytes));
        const ssize_t n = ::pread(fd.get(), buffer.get(), want, static_cast<off_t>(offset));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return io_error(errno, "reading", root_.shown(key));
        if (n == 0)
            return Error{Code::truncated,
                         "'" + root_.shown(key) + "' became shorter while being read"};
        BKT_TRY(sink.write({buffer.get(), static_cast<std::size_t>(n)}));
        offset += static_cast<std::uint64_t>(n);
        left -= static_cast<std::uint64_t>(n);
    }
    return {};
}

Status LocalStorage::stat(Call&, const std::string& key, const ObjectOut& out) {
    struct stat st {};
    BKT_LET(const UniqueFd fd, open_object(root_, key, st));
    return out(object_of(key, st));
}

Status LocalStorage::list(Call& call, const std::string& prefix, const ObjectOut& out) {
    return walk(
        root_, prefix,
        {.file = [&](int folder, const std::string& name, const std::string& key) -> Status {
            if (call.cancelled()) return cancelled();
            if (is_partial(name)) return {};
            struct stat st {};
            if (::fstatat(folder, name.c_str(), &st, AT_SYMLINK_NOFOLLOW) != 0) {
                if (errno == ENOENT) return {};
                return io_error(errno, "looking at", root_.shown(key));
            }
            return out(object_of(key, st));
        }});
}

Status LocalStorage::remove(Call&, const std::string& key) {
    BKT_LET(const Key parsed, parse_key(key));
    {
        BKT_LET(const auto folder, root_.find_folder(parsed.folders));
        if (!folder) return {};
        if (::unlinkat(folder->get(), parsed.name.c_str(), 0) != 0) {
            if (errno == ENOENT || errno == EISDIR) return {};
            return io_error(errno, "removing", root_.shown(key));
        }
        if (::fsync(folder->get()) != 0)
            return io_error(errno, "syncing the folder of", root_.shown(key));
    }
    root_.prune(parsed.folders);
    return {};
}

Result<std::uint64_t> LocalStorage::sweep(Call& call, const std::string& prefix) {
    std::uint64_t removed = 0;
    const Visitor visitor{
        .file = [&](int folder, const std::string& name, const std::string& key) -> Status {
            if (call.cancelled()) return cancelled();
            if (!is_partial(name)) return {};
            if (::unlinkat(folder, name.c_str(), 0) == 0) ++removed;
            else if (errno != ENOENT) return io_error(errno, "removing", root_.shown(key));
            return {};
        },
        .left_folder = [](int parent, const std::string& name) -> Status {
            ::unlinkat(parent, name.c_str(), AT_REMOVEDIR);  // only when empty
            return {};
        }};
    BKT_TRY(walk(root_, prefix, visitor));
    return removed;
}

Result<std::uint64_t> LocalStorage::free_now() const {
    std::string path = root_.path();
    struct statvfs fs {};
    while (::statvfs(path.c_str(), &fs) != 0) {
        if (errno == EINTR) continue;
        if (errno != ENOENT || path == "/")
            return io_error(errno, "asking for free space of", path);
        path = path.rfind('/') == 0 ? "/" : path.substr(0, path.rfind('/'));
    }
    return std::uint64_t{fs.f_bavail} * fs.f_frsize;
}

Result<std::uint64_t> LocalStorage::free_bytes(Call&) { return free_now(); }

// Refuses before the disk is full for everybody else, and before an hour of dumping that cannot fit.
Status LocalStorage::check_free(std::uint64_t wanted_bytes) const {
    if (min_free_bytes_ == 0) return {};
    BKT_LET(const std::uint64_t free, free_now());
    if (free >= min_free_bytes_ && free - min_free_bytes_ >= wanted_bytes) return {};
    return Error{Code::no_space,
                 "'" + root_.path() + "' has " + std::to_string(free) + " bytes free, " +
                     std::to_string(wanted_bytes) + " are to be written and 'min_free' keeps " +
                     std::to_string(min_free_bytes_),
                 "free space on that filesystem, lower 'min_free', or keep fewer backups"};
}

Result<std::string> LocalStorage::health(Call&) {
    BKT_LET(const std::uint64_t free, free_now());
    const std::string space = std::to_string(free >> 20) + " MiB free";
    BKT_LET(const auto folder, root_.find_folder());
    if (!folder) {
        std::string parent = root_.path();
        while (parent != "/" && ::access(parent.c_str(), F_OK) != 0)
            parent = parent.rfind('/') == 0 ? "/" : parent.substr(0, parent.rfind('/'));
        if (::access(parent.c_str(), W_OK | X_OK) != 0)
            return io_error(errno, "the folder '" + root_.path() + "' is missing; making it in",
                            parent);
        return "folder '" + root_.path() + "' (made at the first backup), " + space;
    }
    if (::faccessat(folder->get(), ".", R_OK | W_OK | X_OK, 0) != 0)
        return io_error(errno, "writing to", root_.path());
    BKT_TRY(check_free(0));
    return "folder '" + root_.path() + "', " + space;
}

}  // namespace bkt::local
