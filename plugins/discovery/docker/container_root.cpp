#include "plugins/discovery/docker/container_root.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace bkt::docker {
namespace {

constexpr std::size_t kIdBytes =
    64;  // of a full id, in hex: no other process's group holds it by chance
constexpr std::size_t kMaxGroupsBytes = 64 * 1024;

std::string text_of(int folder, const char* name) {
    const UniqueFd fd(::openat(folder, name, O_RDONLY | O_CLOEXEC));
    std::string text;
    char buffer[4096];
    for (ssize_t n;
         fd && text.size() < kMaxGroupsBytes && (n = ::read(fd.get(), buffer, sizeof buffer)) > 0;)
        text.append(buffer, static_cast<std::size_t>(n));
    return text;
}

Error unseen(const char* why) { return {Code::unsupported, why}; }

}  // namespace

Result<ContainerRoot> ContainerRoot::open(const std::string& id, pid_t pid) {
    // Everything is asked of this one descriptor: a number may come to mean another process meanwhile.
    const UniqueFd process(
        pid > 0 ? ::open(("/proc/" + std::to_string(pid)).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)
                : -1);
    if (!process || id.size() != kIdBytes || text_of(process.get(), "cgroup").find(id) == id.npos)
        return unseen("the container's processes are not to be seen from here");
    UniqueFd root(::openat(process.get(), "root", O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!root) return unseen("the container's files may not be seen from here: that takes root");
    return ContainerRoot(std::move(root));
}

UniqueFd ContainerRoot::at(const char* path, int flags) const {
    open_how how{};
    how.flags = static_cast<std::uint64_t>(flags) | O_CLOEXEC;
    how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
    return UniqueFd(static_cast<int>(::syscall(SYS_openat2, root_.get(), path, &how, sizeof how)));
}

}  // namespace bkt::docker
