// base/cancel.hpp: one way to ask running work to stop: a flag to look at and a descriptor to poll.
#pragma once

#include <atomic>

#include "baktainer/unique_fd.hpp"

namespace bkt::base {

class Cancel final {
public:
    Cancel();  // throws std::system_error when the process has no descriptors left
    Cancel(const Cancel&) = delete;
    Cancel& operator=(const Cancel&) = delete;

    // Safe in a signal handler and on any thread.
    void request() noexcept;
    bool requested() const noexcept { return flag_.load(std::memory_order_relaxed); }
    // Readable once requested; poll() it, never read it.
    int fd() const noexcept { return fd_.get(); }

private:
    std::atomic<bool> flag_{false};
    UniqueFd fd_;
};

}  // namespace bkt::base
