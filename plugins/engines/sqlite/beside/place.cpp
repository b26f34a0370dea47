#include "plugins/engines/sqlite/beside/place.hpp"

#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <system_error>
#include <vector>

namespace bkt::sqlite::beside {
namespace {

Error place_error(int e, const std::string& path) {
    if (e == ENOENT || e == ENOTDIR)
        return {Code::unavailable, "there is no folder of '" + path + "'",
                "check 'db.name', and that the folder is in a volume of the container"};
    return {e == EACCES ? Code::denied : Code::failed,
            "looking for '" + path + "': " + std::generic_category().message(e),
            "the container's user must be able to reach the file"};
}

std::string folder_of(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == 0 ? "/" : path.substr(0, slash);
}

Result<std::string> resolved(const std::string& path) {
    const auto resolve = [](const std::string& p) {
        const std::unique_ptr<char, void (*)(void*)> real(::realpath(p.c_str(), nullptr),
                                                          &std::free);
        return std::string(real ? real.get() : "");
    };
    if (auto real = resolve(path); !real.empty()) return real;
    if (auto real = resolve(folder_of(path)); !real.empty()) return real;
    return place_error(errno, path);
}

// Blanks and the like stand as three octal digits after a backslash.
std::string unescaped(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 3 < text.size()) {
            plain += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 +
                                       (text[i + 3] - '0'));
            i += 3;
        } else {
            plain += text[i];
        }
    }
    return plain;
}

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    while (!line.empty()) {
        const auto end = line.find(' ');
        words.push_back(line.substr(0, end));
        line.remove_prefix(end == line.npos ? line.size() : end + 1);
    }
    return words;
}

struct Mount {
    std::string root, point, type;
};

// proc(5): id, parent, device, root, mount point, options, any tags, "-", type, source, options.
Mount mount_of(std::string_view line) {
    const auto words = words_of(line);
    for (std::size_t i = 5; i + 1 < words.size(); ++i)
        if (words[i] == "-")
            return {unescaped(words[3]), unescaped(words[4]), std::string(words[i + 1])};
    return {};
}

bool is_below(const std::string& path, const std::string& point) {
    return path == point || (path.starts_with(point) && path[point.size()] == '/');
}

// The innermost mount that holds `path`; of several at one place the last hides the others.
Mount mount_below(const std::string& path, std::string_view mounts) {
    Mount found;
    while (!mounts.empty()) {
        const auto end = mounts.find('\n');
        const Mount mount = mount_of(mounts.substr(0, end));
        mounts.remove_prefix(end == mounts.npos ? mounts.size() : end + 1);
        if (mount.point.size() >= found.point.size() && is_below(path, mount.point)) found = mount;
    }
    return found;
}

// The container's own memory is a whole tmpfs. A folder of one is the machine's, whose /tmp may be one, and bound here.
bool is_containers_own(const Mount& mount) {
    if (mount.type == "tmpfs") return mount.root == "/";
    for (const auto* own : {"proc", "sysfs", "devtmpfs", "devpts", "mqueue", "cgroup", "cgroup2"})
        if (mount.type == own) return true;
    return false;
}

}  // namespace

Status check_volume(const std::string& path, const std::string& mounts) {
    BKT_LET(const std::string real, resolved(path));
    const Mount mount = mount_below(real, mounts);
    if (!mount.point.empty() && mount.point != "/" && !is_containers_own(mount)) return {};
    return Error{Code::unsupported,
                 "'" + path + "' lies in no volume, and there is no 'sqlite3' tool to read it with",
                 "keep the database in a volume, or add the sqlite3 package to the image"};
}

Status become_owner(const std::string& path) {
    if (::geteuid() != 0) return {};
    struct stat st {};
    if (::stat(path.c_str(), &st) != 0 && ::stat(folder_of(path).c_str(), &st) != 0)
        return place_error(errno, path);
    if (st.st_uid == 0) return {};
    if (::setgroups(0, nullptr) == 0 && ::setresgid(st.st_gid, st.st_gid, st.st_gid) == 0 &&
        ::setresuid(st.st_uid, st.st_uid, st.st_uid) == 0)
        return {};
    return Error{Code::denied,
                 "becoming the owner of '" + path + "' (" + std::to_string(st.st_uid) +
                     "): " + std::generic_category().message(errno),
                 "the container engine must allow the capabilities SETUID and SETGID"};
}

}  // namespace bkt::sqlite::beside
