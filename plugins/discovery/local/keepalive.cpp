#include "plugins/discovery/local/keepalive.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <string>

#include "baktainer/unique_fd.hpp"

namespace bkt::local_host {
namespace {

constexpr int kIdle_s = 60, kBetween_s = 10, kProbes = 6;

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

bool set(int fd, int level, int option, int value) {
    return ::setsockopt(fd, level, option, &value, sizeof value) == 0;
}

bool is_tcp(int fd) {
    int protocol = 0;
    socklen_t size = sizeof protocol;
    return ::getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &size) == 0 &&
           protocol == IPPROTO_TCP;
}

bool keep_alive(int fd) {
    return is_tcp(fd) && set(fd, IPPROTO_TCP, TCP_KEEPIDLE, kIdle_s) &&
           set(fd, IPPROTO_TCP, TCP_KEEPINTVL, kBetween_s) &&
           set(fd, IPPROTO_TCP, TCP_KEEPCNT, kProbes) && set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
}

std::size_t keep_alive_of(pid_t pid) {
    const UniqueFd process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    if (!process) return 0;
    std::size_t count = 0;
    for_each_number("/proc/" + std::to_string(pid) + "/fd", [&](int number, const auto& path) {
        std::error_code gone;
        if (!std::filesystem::read_symlink(path, gone).string().starts_with("socket:")) return;
        const UniqueFd fd(static_cast<int>(::syscall(SYS_pidfd_getfd, process.get(), number, 0)));
        count += fd && keep_alive(fd.get());
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
