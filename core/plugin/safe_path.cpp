#include "core/plugin/safe_path.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace bkt::plugin {

namespace {

namespace fs = std::filesystem;

Error open_error(const std::string& path) {
    const auto text = std::string("cannot open '") + path + "': " + std::strerror(errno);
    switch (errno) {
        case ENOENT:
        case ENOTDIR: return {Code::not_found, text};
        case ELOOP:
            return {Code::denied, "'" + path + "' is a symbolic link", "put the file itself there"};
        case EACCES: return {Code::denied, text, "let the user that runs Baktainer read it"};
        default: return {Code::failed, text};
    }
}

std::optional<Error> judge(const struct stat& st, const std::string& path, const Owners& owners,
                           bool on_the_way) {
    const bool owned = st.st_uid == 0 || st.st_uid == ::geteuid() || st.st_uid == owners.also;
    if (!owned)
        return Error{Code::denied,
                     "'" + path + "' belongs to user " + std::to_string(st.st_uid) +
                         ", neither root nor the user that runs Baktainer",
                     "chown root '" + path + "'"};
    if (on_the_way && st.st_uid == 0 && (st.st_mode & S_ISVTX)) return std::nullopt;
    if (st.st_mode & S_IWOTH)
        return Error{Code::denied, "everybody may write '" + path + "'",
                     "chmod go-w '" + path + "'"};
    if ((st.st_mode & S_IWGRP) && !owners.group_may_write)
        return Error{Code::denied, "its group may write '" + path + "'",
                     "chmod g-w '" + path + "'"};
    return std::nullopt;
}

}  // namespace

Result<Opened> open_folder(const std::string& path) {
    std::error_code ec;
    const auto real = fs::canonical(path, ec);
    if (ec)
        return Error{ec == std::errc::no_such_file_or_directory ? Code::not_found : Code::denied,
                     "cannot open '" + path + "': " + ec.message()};
    UniqueFd fd(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
    std::optional<Error> unsafe;
    fs::path at = "/";
    for (const auto& step : real.relative_path()) {
        at /= step;
        UniqueFd next(
            ::openat(fd.get(), step.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        struct stat st {};
        if (!next || ::fstat(next.get(), &st) != 0) return open_error(at.string());
        if (!unsafe) unsafe = judge(st, at.string(), {}, at != real);
        fd = std::move(next);
    }
    UniqueFd readable(::openat(fd.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!readable) return open_error(path);
    return Opened{std::move(readable), std::move(unsafe)};
}

Result<Opened> open_entry(int folder, const std::string& folder_path, const std::string& name,
                          const Owners& owners) {
    const auto path = folder_path + "/" + name;
    // O_NONBLOCK: a pipe of that name must not hold us up before we see that it is one.
    UniqueFd fd(
        ::openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    struct stat st {};
    if (!fd || ::fstat(fd.get(), &st) != 0) return open_error(path);
    if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
        return Error{Code::invalid, "'" + path + "' is neither a file nor a folder"};
    auto unsafe = judge(st, path, owners, false);
    return Opened{std::move(fd), std::move(unsafe)};
}

std::optional<Error> why_unsafe(int fd, const std::string& path, const Owners& owners) {
    struct stat st {};
    if (::fstat(fd, &st) != 0) return open_error(path);
    return judge(st, path, owners, false);
}

Result<std::string> read_text(int fd, const std::string& name, std::size_t most_bytes) {
    std::string text;
    char chunk[16384];
    for (;;) {
        const ssize_t n = ::read(fd, chunk, sizeof chunk);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0)
            return Error{Code::failed, "cannot read '" + name + "': " + std::strerror(errno)};
        if (n == 0) return text;
        text.append(chunk, static_cast<std::size_t>(n));
        if (text.size() > most_bytes)
            return Error{Code::invalid,
                         "'" + name + "' is longer than " + std::to_string(most_bytes) + " bytes"};
    }
}

}  // namespace bkt::plugin
