#include "plugins/storage/local/root.hpp"

#include <fcntl.h>

#include "plugins/storage/local/io_error.hpp"

namespace bkt::local {
namespace {

constexpr int kFolderFlags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
constexpr mode_t kFolderMode = 0700;

std::string joined(const std::string& path, const std::vector<std::string>& folders) {
    std::string all = path;
    for (const auto& f : folders) all += "/" + f;
    return all;
}

std::string parent_of(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == 0 ? "/" : path.substr(0, slash);
}

Status sync_folder(int fd, const std::string& path) {
    if (::fsync(fd) != 0) return io_error(errno, "syncing", path);
    return {};
}

}  // namespace

int open_folder_at(int parent, const std::string& name) {
    return ::openat(parent, name.c_str(), kFolderFlags | O_NOFOLLOW);
}

Result<Root> Root::create(std::string path) {
    static constexpr auto kHint = "set 'path' to the absolute path of a folder for backups";
    if (path.empty()) return Error{Code::invalid, "a local store needs a 'path'", kHint};
    if (path.front() != '/' || path.find('\0') != std::string::npos)
        return Error{Code::invalid, "the path '" + path.substr(0, 200) + "' is not absolute",
                     kHint};
    while (path.size() > 1 && path.back() == '/') path.pop_back();
    return Root(std::move(path));
}

// mkdir -p, because a first backup should not need a second command. Parents get 0700 too: what is
// missing was nobody's yet.
Status Root::make_root() const {
    std::size_t end = 1;
    while (end != std::string::npos) {
        end = path_.find('/', end + 1);
        const std::string part = path_.substr(0, end);
        if (::mkdir(part.c_str(), kFolderMode) == 0) {
            const std::string parent = parent_of(part);
            UniqueFd fd(::open(parent.c_str(), kFolderFlags));
            if (!fd) return io_error(errno, "opening", parent);
            BKT_TRY(sync_folder(fd.get(), parent));
        } else if (errno != EEXIST && errno != EISDIR) {
            const int e = errno;
            // EROFS and EACCES may be said of a parent that is there and fine.
            if (struct stat st{}; ::stat(part.c_str(), &st) == 0 && S_ISDIR(st.st_mode)) continue;
            return io_error(e, "making folder", part);
        }
    }
    return {};
}

Result<std::optional<UniqueFd>> Root::find_folder(const std::vector<std::string>& folders) const {
    UniqueFd fd(::open(path_.c_str(), kFolderFlags));
    for (std::size_t i = 0; fd && i < folders.size(); ++i)
        fd = UniqueFd(open_folder_at(fd.get(), folders[i]));
    if (fd) return std::optional<UniqueFd>(std::move(fd));
    if (errno == ENOENT) return std::optional<UniqueFd>();
    return io_error(errno, "opening folder", joined(path_, folders));
}

Result<UniqueFd> Root::make_folder(const std::vector<std::string>& folders) const {
    UniqueFd fd(::open(path_.c_str(), kFolderFlags));
    if (!fd && errno == ENOENT) {
        BKT_TRY(make_root());
        fd = UniqueFd(::open(path_.c_str(), kFolderFlags));
    }
    if (!fd) return io_error(errno, "opening folder", path_);
    for (const auto& name : folders) {
        if (::mkdirat(fd.get(), name.c_str(), kFolderMode) == 0)
            BKT_TRY(sync_folder(fd.get(), joined(path_, folders)));
        else if (errno != EEXIST) return io_error(errno, "making folder", joined(path_, folders));
        UniqueFd next(open_folder_at(fd.get(), name));
        if (!next) return io_error(errno, "opening folder", joined(path_, folders));
        fd = std::move(next);
    }
    return fd;
}

void Root::prune(const std::vector<std::string>& folders) const {
    auto rest = folders;
    while (!rest.empty()) {
        const std::string name = std::move(rest.back());
        rest.pop_back();
        auto parent = find_folder(rest);
        if (!parent || !*parent) return;
        if (::unlinkat((*parent)->get(), name.c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT)
            return;
    }
}

}  // namespace bkt::local
