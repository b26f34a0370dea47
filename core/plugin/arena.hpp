// plugin/arena.hpp: memory a plugin is lent for one call: zeroed, freed and wiped with it, because secrets
// live there too.
#pragma once

#include <string.h>

#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace bkt::plugin {

class Arena final {  // Thread-safe.
public:
    Arena() = default;
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;
    ~Arena() { clear(); }

    // nullptr = out of memory, or more than is lent at once.
    void* lend(std::size_t size_bytes) noexcept {
        if (size_bytes > kMaxBlockBytes) return nullptr;
        try {
            auto block = std::make_unique<std::byte[]>(size_bytes);
            const std::lock_guard lock(mutex_);
            blocks_.emplace_back(std::move(block), size_bytes);
            return blocks_.back().first.get();
        } catch (...) {
            return nullptr;
        }
    }
    void clear() noexcept {
        const std::lock_guard lock(mutex_);
        for (auto& [block, size] : blocks_) ::explicit_bzero(block.get(), size);
        blocks_.clear();
    }

private:
    static constexpr std::size_t kMaxBlockBytes = std::size_t{64} << 20;

    std::mutex mutex_;
    std::vector<std::pair<std::unique_ptr<std::byte[]>, std::size_t>> blocks_;
};

}  // namespace bkt::plugin
