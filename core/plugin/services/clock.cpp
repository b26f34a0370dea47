// bkt.clock/1: the system's clocks, a sleep that a cancel ends, and its random generator.
#include <poll.h>
#include <sys/random.h>

#include <cerrno>
#include <chrono>

#include "core/plugin/services/guarded.hpp"
#include "core/plugin/services/table.hpp"

namespace bkt::plugin::services {

namespace {

std::int64_t wall_ns(const bkt_host*) noexcept {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

std::uint64_t monotonic_ns(const bkt_host*) noexcept {
    return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
}

bkt_rc sleep_ns(const bkt_host*, const bkt_call* call, std::uint64_t ns) noexcept {
    const std::uint64_t until = monotonic_ns(nullptr) + ns;
    for (;;) {
        const auto now = monotonic_ns(nullptr);
        if (call->deadline_ns && now >= call->deadline_ns)
            return fail_call(call, {Code::timeout, "the run's time is up", "raise its 'timeout'"});
        if (call->cancelled(call)) return fail_call(call, {Code::cancelled, "cancelled"});
        if (now >= until) return BKT_OK;
        auto wait_ns = until - now;
        if (call->deadline_ns) wait_ns = std::min(wait_ns, call->deadline_ns - now);
        pollfd cancelled{call->cancel_fd, POLLIN, 0};
        ::poll(&cancelled, 1,
               static_cast<int>(std::min<std::uint64_t>(wait_ns / 1'000'000 + 1, 60'000)));
    }
}

bkt_rc fill_random(const bkt_host*, void* bytes, std::uint64_t len) noexcept {
    auto* at = static_cast<unsigned char*>(bytes);
    while (len > 0) {
        const ssize_t n = ::getrandom(at, std::min<std::uint64_t>(len, 256), 0);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return BKT_BUG;
        at += n, len -= static_cast<std::uint64_t>(n);
    }
    return BKT_OK;
}

}  // namespace

const bkt_clock kClock = {sizeof kClock, 0, &wall_ns, &monotonic_ns, &sleep_ns, &fill_random};

}  // namespace bkt::plugin::services
