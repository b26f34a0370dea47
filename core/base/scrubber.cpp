#include "core/base/scrubber.hpp"

#include <algorithm>

namespace bkt::base {

namespace {
constexpr std::size_t kShortestErased = 3;
}

void Scrubber::add(const Secret& secret) {
    if (secret.reveal().size() < kShortestErased) return;
    const std::lock_guard lock(mutex_);
    for (const auto& known : secrets_)
        if (known.reveal() == secret.reveal()) return;
    secrets_.push_back(secret);
    // Longest first, so that a secret holding another is erased whole.
    std::sort(secrets_.begin(), secrets_.end(), [](const Secret& a, const Secret& b) {
        return a.reveal().size() > b.reveal().size();
    });
}

std::string Scrubber::scrub(std::string_view text) const {
    std::string clean(text);
    const std::lock_guard lock(mutex_);
    for (const auto& secret : secrets_) {
        const auto needle = secret.reveal();
        for (auto at = clean.find(needle); at != std::string::npos; at = clean.find(needle, at + 3))
            clean.replace(at, needle.size(), "***");
    }
    return clean;
}

std::string Scrubber::scrub(std::string_view text, std::size_t max_bytes) const {
    constexpr std::size_t kLongestSecretBytes = 64 * 1024;
    auto clean = scrub(text.substr(0, max_bytes + kLongestSecretBytes));
    if (clean.size() > max_bytes) clean.resize(max_bytes);
    return clean;
}

}  // namespace bkt::base
