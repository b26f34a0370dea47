#include "plugins/storage/local/walk.hpp"

#include <dirent.h>
#include <fcntl.h>

#include <algorithm>
#include <memory>

#include "plugins/storage/local/io_error.hpp"

namespace bkt::local {
namespace {

// "name" of a file, "name/" of a folder: sorted like that, a depth-first walk meets keys in byte order.
Result<std::vector<std::string>> entries(int folder, const std::string& shown) {
    const int fd = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return io_error(errno, "reading folder", shown);
    const std::unique_ptr<DIR, int (*)(DIR*)> dir(::fdopendir(fd), &::closedir);
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* e = ::readdir(dir.get())) {
        std::string name = e->d_name;
        if (!is_segment(name)) continue;
        struct stat st {};
        if (::fstatat(fd, name.c_str(), &st, AT_SYMLINK_NOFOLLOW) != 0) continue;
        if (S_ISDIR(st.st_mode)) names.push_back(std::move(name) + "/");
        else if (S_ISREG(st.st_mode)) names.push_back(std::move(name));
        errno = 0;
    }
    if (errno != 0) return io_error(errno, "reading folder", shown);
    std::sort(names.begin(), names.end());
    return names;
}

Status walk_folder(const Root& root, int folder, const std::string& at, const std::string& prefix,
                   const Visitor& visitor) {
    BKT_LET(const auto names, entries(folder, root.shown(at)));
    for (const auto& entry : names) {
        const std::string key = at + entry;
        if (entry.back() != '/') {
            if (key.starts_with(prefix)) BKT_TRY(visitor.file(folder, entry, key));
            continue;
        }
        if (!key.starts_with(prefix) && !prefix.starts_with(key)) continue;
        const std::string name = entry.substr(0, entry.size() - 1);
        {
            const UniqueFd inner(open_folder_at(folder, name));
            if (!inner && (errno == ENOENT || errno == ENOTDIR)) continue;
            if (!inner) return io_error(errno, "opening folder", root.shown(key));
            BKT_TRY(walk_folder(root, inner.get(), key, prefix, visitor));
        }
        if (key.starts_with(prefix)) BKT_TRY(visitor.left_folder(folder, name));
    }
    return {};
}

}  // namespace

Status walk(const Root& root, const std::string& prefix, const Visitor& visitor) {
    BKT_LET(const auto top, root.find_folder());
    if (!top) return {};
    return walk_folder(root, top->get(), "", prefix, visitor);
}

}  // namespace bkt::local
