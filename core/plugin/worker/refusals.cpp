#include "core/plugin/worker/refusals.hpp"

#include <linux/seccomp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace bkt::plugin::worker {

void Refusals::start(UniqueFd listener, std::map<int, std::string> names) {
    if (thread_.joinable()) return;
    listener_ = std::move(listener);
    names_ = std::move(names);
    stop_ = UniqueFd(::eventfd(0, EFD_CLOEXEC));
    thread_ = std::thread([this] { listen(); });
}

void Refusals::stop() {
    if (!thread_.joinable()) return;
    ::eventfd_write(stop_.get(), 1);
    thread_.join();
    listener_.reset();
}

std::vector<std::string> Refusals::tried() const {
    const std::lock_guard lock(mutex_);
    return tried_;
}

void Refusals::listen() const {
    // The kernel's structures may be longer than those this was built with.
    seccomp_notif_sizes sizes{};
    if (::syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes) != 0) return;
    for (;;) {
        pollfd both[] = {{listener_.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}};
        if (::poll(both, 2, -1) < 0 && errno != EINTR) return;
        if (both[0].revents & POLLIN) {
            if (!refuse_one(sizes.seccomp_notif, sizes.seccomp_notif_resp)) return;
        } else if (both[0].revents || both[1].revents) {
            return;
        }
    }
}

bool Refusals::refuse_one(std::size_t request_bytes, std::size_t response_bytes) const {
    std::vector<std::uint64_t> request(std::max(request_bytes, sizeof(seccomp_notif)) / 8 + 1);
    std::vector<std::uint64_t> response(std::max(response_bytes, sizeof(seccomp_notif_resp)) / 8 +
                                        1);
    auto& asked = *reinterpret_cast<seccomp_notif*>(request.data());
    if (::ioctl(listener_.get(), SECCOMP_IOCTL_NOTIF_RECV, &asked) != 0)
        return errno == EINTR || errno == ENOENT;  // who asked is gone
    {
        const std::lock_guard lock(mutex_);
        const auto known = names_.find(asked.data.nr);
        const auto name = known == names_.end() ? std::to_string(asked.data.nr) : known->second;
        if (std::find(tried_.begin(), tried_.end(), name) == tried_.end()) tried_.push_back(name);
    }
    auto& answer = *reinterpret_cast<seccomp_notif_resp*>(response.data());
    answer.id = asked.id;
    answer.error = -EPERM;
    return ::ioctl(listener_.get(), SECCOMP_IOCTL_NOTIF_SEND, &answer) == 0 || errno == ENOENT;
}

}  // namespace bkt::plugin::worker
