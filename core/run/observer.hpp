// run/observer.hpp: who is told what a run does. Implemented above (command line, daemon); runs neither
// log nor print.
#pragma once

#include <string>

#include "core/run/event.hpp"

namespace bkt::run {

struct Progress {
    std::string target;
    std::string stage;              // part or step
    std::uint64_t done_bytes = 0;   // of the plain dump, all parts so far
    std::uint64_t total_bytes = 0;  // 0 = unknown
};

// Called on any thread.
class Observer {
public:
    virtual ~Observer() = default;
    virtual void event(const Event& event) = 0;
    virtual void progress(const Progress&) {}
    // Waits, for a bounded time, until all that was told has been passed on. Before a command's last word.
    virtual void settle() {}
};

}  // namespace bkt::run
