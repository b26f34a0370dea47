// base/scrubber.hpp: the secrets one run has resolved, and the eraser of them from text that is kept.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/secret.hpp"

namespace bkt::base {

// Thread-safe.
class Scrubber final {
public:
    // Secrets shorter than 3 bytes are not erased: they would blank half of every line.
    void add(const Secret& secret);
    // Every occurrence of a known secret becomes "***".
    std::string scrub(std::string_view text) const;
    // The beginning of that, `max_bytes` at most. Cut first, a secret that lies across the cut would keep
    // its first half.
    std::string scrub(std::string_view text, std::size_t max_bytes) const;

private:
    mutable std::mutex mutex_;
    std::vector<Secret> secrets_;
};

}  // namespace bkt::base
