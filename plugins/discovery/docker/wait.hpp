// wait.hpp: how long one blocking step may block: until the call is cancelled, until the call's deadline,
// or until a limit of our own, whichever comes first.
//
// Every read, write and sleep of this plugin goes through a Wait, so that nothing hangs on a silent peer.
#pragma once

#include <poll.h>

#include <chrono>
#include <span>

#include "baktainer/call.hpp"

namespace bkt::docker {

class Wait final {  // A value; valid as long as the call it was made of.
public:
    explicit Wait(const Call& call) : call_(call.raw()) {}
    // Cannot be cancelled: for cleaning up after a cancelled call. Give it a limit.
    static Wait uncancelled() { return Wait(); }

    // The same, but not longer than `limit` from now.
    Wait within(std::chrono::milliseconds limit) const;

    // Blocks until one of `fds` (three at most) is ready and fills their revents. Fails with cancelled,
    // timeout (the call's deadline) or unavailable (our own limit).
    Status until_ready(std::span<pollfd> fds) const;
    // Fails as until_ready() would, without blocking.
    Status check() const;
    // Sleeps, or fails as until_ready() does.
    Status sleep(std::chrono::milliseconds pause) const;

private:
    Wait() = default;

    const bkt_call* call_ = nullptr;
    std::uint64_t limit_ns_ = 0;  // CLOCK_MONOTONIC; 0 = none
};

}  // namespace bkt::docker
