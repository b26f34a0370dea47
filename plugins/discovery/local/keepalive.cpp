#include "plugins/discovery/local/keepalive.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <string>

#include "baktainer/tcp_keepalive.hpp"
#include "baktainer/unique_fd.hpp"

namespace bkt::local_host {
namespace {

// Hands the number in each name of a folder of numbers to `visit`.
template <class Visit>
void for_each_number(const std::string& folder, Visit&& visit) {
    std::error_code gone;
    for (std::filesystem::directory_iterator at(folder, gone), end; !gone && at != end;
         at.increment(gone)) {
        const auto name = at->path().filename().string();
        int number = 0;
        const auto [stop, bad] = std::from_chars(name.data(), name.data() + name.size(), number);
        if (bad == std::errc{} && stop == name.data() + name.size()) visit(number, at->path());
    }
}

std::size_t keep_alive_of(pid_t pid) {
    const UniqueFd process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    if (!process) return 0;
    std::size_t count = 0;
    for_each_number("/proc/" + std::to_string(pid) + "/fd", [&](int number, const auto& path) {
        std::error_code gone;
        if (!std::filesystem::read_symlink(path, gone).string().starts_with("socket:")) return;
        const UniqueFd fd(static_cast<int>(::syscall(SYS_pidfd_getfd, process.get(), number, 0)));
        count += fd && keep_tcp_alive(fd.get());
    });
    return count;
}

}  // namespace

std::size_t keep_connections_alive(pid_t group) {
    std::size_t count = 0;
    for_each_number("/proc", [&](pid_t pid, const auto&) {
        if (::getpgid(pid) == group) count += keep_alive_of(pid);
    });
    return count;
}

}  // namespace bkt::local_host
