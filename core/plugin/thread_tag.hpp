// plugin/thread_tag.hpp: marks this thread as one of the contract's (BKT_THREAD_*) while a plugin is called
// on it.
#pragma once

#include <cstdint>
#include <utility>

#include "baktainer/abi/services/thread.h"

namespace bkt::plugin {

class ThreadTag final {
public:
    explicit ThreadTag(std::uint32_t tag) noexcept : before_(std::exchange(current_, tag)) {}
    ThreadTag(const ThreadTag&) = delete;
    ThreadTag& operator=(const ThreadTag&) = delete;
    ~ThreadTag() { current_ = before_; }

    static std::uint32_t current() noexcept { return current_; }

private:
    static inline thread_local std::uint32_t current_ = BKT_THREAD_OTHER;
    std::uint32_t before_;
};

}  // namespace bkt::plugin
