#include "plugins/discovery/docker/wait.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace bkt::docker {
namespace {

constexpr std::size_t kFdsMax = 3;
constexpr std::uint64_t kMs = 1'000'000;
// How often a call without a cancel descriptor is asked whether it is cancelled.
constexpr std::uint64_t kAskEveryNs = 200 * kMs;

std::uint64_t now_ns() {
    return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch() /
                                      std::chrono::nanoseconds(1));
}

std::uint64_t earlier(std::uint64_t a, std::uint64_t b) { return !a ? b : !b ? a : std::min(a, b); }

}  // namespace

Wait Wait::within(std::chrono::milliseconds limit) const {
    Wait shorter = *this;
    shorter.limit_ns_ =
        earlier(limit_ns_, now_ns() + static_cast<std::uint64_t>(limit.count()) * kMs);
    return shorter;
}

Status Wait::check() const {
    if (call_ && call_->cancelled(call_)) return Error{Code::cancelled, {}};
    const std::uint64_t deadline = call_ ? call_->deadline_ns : 0;
    if (!deadline && !limit_ns_) return {};
    const std::uint64_t now = now_ns();
    if (deadline && now >= deadline)
        return Error{Code::timeout, "the time allowed for this operation is up",
                     "raise the timeout of this job, or see what keeps the container busy"};
    if (limit_ns_ && now >= limit_ns_)
        return Error{Code::unavailable, "the container engine does not answer",
                     "see whether the engine is overloaded or hangs: docker info"};
    return {};
}

Status Wait::until_ready(std::span<pollfd> fds) const {
    std::array<pollfd, kFdsMax + 1> all{};
    const std::size_t count = std::min(fds.size(), kFdsMax);
    while (true) {
        BKT_TRY(check());
        std::copy_n(fds.begin(), count, all.begin());
        const int cancel_fd = call_ ? call_->cancel_fd : -1;
        all[count] = {cancel_fd, POLLIN, 0};

        std::uint64_t until = earlier(call_ ? call_->deadline_ns : 0, limit_ns_);
        if (call_ && cancel_fd < 0) until = earlier(until, now_ns() + kAskEveryNs);
        timespec left{};
        if (until) {
            const std::uint64_t now = now_ns();
            const std::uint64_t ns = until > now ? until - now : 0;
            left = {static_cast<time_t>(ns / (1000 * kMs)), static_cast<long>(ns % (1000 * kMs))};
        }
        const int ready = ::ppoll(all.data(), count + 1, until ? &left : nullptr, nullptr);
        if (ready < 0 && errno != EINTR)
            return Error{Code::bug, std::string("poll: ") + std::strerror(errno)};
        // Cancelled wins over ready: a flood of bytes must not keep a cancelled call alive.
        if (ready <= 0 || all[count].revents) continue;
        for (std::size_t i = 0; i < count; ++i) fds[i].revents = all[i].revents;
        return {};
    }
}

Status Wait::sleep(std::chrono::milliseconds pause) const {
    const Wait until = Wait(*this).within(pause);
    while (true) {
        const Status status = until.until_ready({});
        BKT_TRY(check());
        if (!status) return {};  // our own limit was the alarm clock
    }
}

}  // namespace bkt::docker
