#include "plugins/discovery/docker/fifo.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <memory>
#include <vector>

namespace bkt::docker {
namespace {

constexpr const char* kShm = "dev/shm";
constexpr std::string_view kPrefix = ".baktainer-";
constexpr std::size_t kFolderBytes = 12;  // of the name, which is random
constexpr int kPipeBytes = 1 << 20;       // what a process may ask for without privileges
constexpr std::time_t kLeftoverAge_s = 600;
constexpr std::size_t kMaxLeftovers = 16;  // at a time

Error unsupported(const std::string& what, int error = 0) {
    return {Code::unsupported, what + (error ? std::string(": ") + std::strerror(error) : "")};
}

Result<UniqueFd> shm_of(const ContainerRoot& root) {
    if (!root.at("bin/sh", O_PATH)) return unsupported("the image has no /bin/sh");
    UniqueFd shm = root.at(kShm, O_RDONLY | O_DIRECTORY);
    struct statfs fs {};
    if (!shm || ::fstatfs(shm.get(), &fs) != 0 || fs.f_type != TMPFS_MAGIC)
        return unsupported("the container has no /dev/shm in memory");
    return shm;
}

std::vector<std::string> names_in(int folder) {
    std::vector<std::string> names;
    const int own = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const std::unique_ptr<DIR, int (*)(DIR*)> listing(own < 0 ? nullptr : ::fdopendir(own),
                                                      &::closedir);
    if (!listing) {
        if (own >= 0) ::close(own);
        return names;
    }
    while (const dirent* entry = ::readdir(listing.get()))
        if (entry->d_name[0] != '.' || std::string_view(entry->d_name).starts_with(kPrefix))
            names.emplace_back(entry->d_name);
    return names;
}

// What a killed run of ours left, before its tool had opened it: the tool waits there for a reader, and ends when
// one comes and goes.
void remove_leftovers(int shm) {
    std::size_t removed = 0;
    for (const auto& name : names_in(shm)) {
        if (!name.starts_with(kPrefix) || removed == kMaxLeftovers) continue;
        struct stat st {};
        if (::fstatat(shm, name.c_str(), &st, AT_SYMLINK_NOFOLLOW) != 0 ||
            st.st_mtime + kLeftoverAge_s > std::time(nullptr))
            continue;
        const UniqueFd folder(
            ::openat(shm, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        if (!folder) continue;
        for (const auto& fifo : names_in(folder.get())) {
            if (::fstatat(folder.get(), fifo.c_str(), &st, AT_SYMLINK_NOFOLLOW) != 0 ||
                !S_ISFIFO(st.st_mode))
                continue;
            const UniqueFd reader(::openat(folder.get(), fifo.c_str(),
                                           O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
            ::unlinkat(folder.get(), fifo.c_str(), 0);
        }
        ::unlinkat(shm, name.c_str(), AT_REMOVEDIR);
        ++removed;
    }
}

}  // namespace

Status Fifo::check(const ContainerRoot& root) {
    BKT_TRY(shm_of(root));
    return {};
}

Fifo::Fifo(UniqueFd shm, std::string folder, std::string name)
    : shm_(std::move(shm)),
      folder_(std::move(folder)),
      name_(std::move(name)),
      path_("/" + std::string(kShm) + "/" + folder_ + "/" + name_) {}

Result<Fifo> Fifo::make(const ContainerRoot& root, const std::string& name) {
    BKT_LET(UniqueFd shm, shm_of(root));
    Fifo fifo(std::move(shm), std::string(kPrefix) + name.substr(0, kFolderBytes), name);
    remove_leftovers(fifo.shm_.get());
    BKT_TRY(fifo.open());
    return fifo;
}

// By descriptors alone: whoever is root in the container may put other things in the place of names.
Status Fifo::open() {
    const auto failed = [] {
        return unsupported("no FIFO can be made in the container's /dev/shm", errno);
    };
    if (::mkdirat(shm_.get(), folder_.c_str(), 0700) != 0) {
        const Error error = failed();
        shm_.reset();  // what is there is not ours to remove
        return error;
    }
    folder_fd_.reset(
        ::openat(shm_.get(), folder_.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!folder_fd_ || ::mkfifoat(folder_fd_.get(), name_.c_str(), 0600) != 0) return failed();
    reader_.reset(
        ::openat(folder_fd_.get(), name_.c_str(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
    struct stat st {};
    if (!reader_ || ::fstat(reader_.get(), &st) != 0 || !S_ISFIFO(st.st_mode)) return failed();
    // The tool may run as anybody.
    if (::fchmod(reader_.get(), 0622) != 0 || ::fchmod(folder_fd_.get(), 0711) != 0)
        return failed();
    ::fcntl(reader_.get(), F_SETPIPE_SZ, kPipeBytes);
    return {};
}

void Fifo::remove() {
    if (folder_fd_) ::unlinkat(folder_fd_.get(), name_.c_str(), 0);
    folder_fd_.reset();
    if (shm_) ::unlinkat(shm_.get(), folder_.c_str(), AT_REMOVEDIR);
    shm_.reset();
}

Result<std::optional<std::size_t>> Fifo::try_read(std::span<std::byte> into) {
    const ssize_t n = ::read(reader_.get(), into.data(), into.size());
    if (n > 0) remove();  // it is open: nobody needs its name any more
    if (n >= 0) return std::optional(static_cast<std::size_t>(n));
    if (errno == EAGAIN || errno == EINTR) return std::optional<std::size_t>();
    return Error{Code::unavailable,
                 std::string("the tool's output cannot be read: ") + std::strerror(errno)};
}

bool Fifo::is_over() const {
    pollfd ready{reader_.get(), POLLIN, 0};
    return ::poll(&ready, 1, 0) > 0 && (ready.revents & (POLLHUP | POLLIN)) == POLLHUP;
}

}  // namespace bkt::docker
