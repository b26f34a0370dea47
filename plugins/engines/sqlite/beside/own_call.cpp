#include "plugins/engines/sqlite/beside/own_call.hpp"

#include <csignal>
#include <ctime>

#include "baktainer/abi/services/clock.h"

namespace bkt::sqlite::beside {
namespace {

volatile std::sig_atomic_t is_cancelled = 0;

void cancel(int) { is_cancelled = 1; }

bkt_rc sleep_ns(const bkt_host*, const bkt_call*, std::uint64_t ns) noexcept {
    const timespec pause{static_cast<time_t>(ns / 1'000'000'000),
                         static_cast<long>(ns % 1'000'000'000)};
    ::nanosleep(&pause, nullptr);
    return is_cancelled ? BKT_CANCELLED : BKT_OK;
}
constexpr bkt_clock kClock = {sizeof kClock, 0, nullptr, nullptr, &sleep_ns, nullptr};

const void* service(const bkt_host*, bkt_str id) noexcept {
    return view(id) == BKT_SERVICE_CLOCK ? &kClock : nullptr;
}
constexpr bkt_host kHost = {sizeof kHost, 0, nullptr, {nullptr, 0}, {nullptr, 0}, &service};

std::int32_t cancelled(const bkt_call*) noexcept { return is_cancelled; }
void fail(const bkt_call*, bkt_rc, bkt_str, bkt_str, std::uint64_t) noexcept {}
void progress(const bkt_call*, std::uint64_t, std::uint64_t, bkt_str) noexcept {}
void* no_memory(const bkt_call*, std::uint64_t) noexcept { return nullptr; }
constexpr bkt_call kCall = {sizeof kCall, 0,     nullptr,   0,         -1, 0,
                            &cancelled,   &fail, &progress, &no_memory};

}  // namespace

Call own_call() {
    // The first process of a container ignores what it has no handler for.
    struct sigaction action {};
    action.sa_handler = &cancel;
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) ::sigaction(signal, &action, nullptr);
    return {&kHost, &kCall};
}

}  // namespace bkt::sqlite::beside
