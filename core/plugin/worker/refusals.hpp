// worker/refusals.hpp: refuses the system calls that a watched process may not make, as the kernel would refuse
// them to a plugin's sandbox, and keeps which they were.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "baktainer/unique_fd.hpp"

namespace bkt::plugin::worker {

class Refusals final {
public:
    Refusals() = default;
    Refusals(const Refusals&) = delete;
    Refusals& operator=(const Refusals&) = delete;
    ~Refusals() { stop(); }

    // Once. `listener` is of seccomp_unotify(2); whoever calls waits until its call is refused here.
    void start(UniqueFd listener, std::map<int, std::string> names);
    // After the watched process ended: one that still runs would wait for ever.
    void stop();
    // What was tried, each name once, in order of the first time. Any thread.
    std::vector<std::string> tried() const;

private:
    void listen() const;
    bool refuse_one(std::size_t request_bytes, std::size_t response_bytes) const;

    UniqueFd listener_, stop_;
    std::map<int, std::string> names_;
    mutable std::mutex mutex_;  // guards what follows
    mutable std::vector<std::string> tried_;
    std::thread thread_;  // last
};

}  // namespace bkt::plugin::worker
