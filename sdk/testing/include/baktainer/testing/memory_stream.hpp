// testing/memory_stream.hpp: a sink and a source over text, which fail or end where a test wants.
#pragma once

#include <algorithm>
#include <cstring>
#include <optional>

#include "baktainer/stream.hpp"

namespace bkt::testing {

// Keeps what is written. Says so when it is written to after it failed.
class MemorySink final {
public:
    MemorySink() { raw_ = {sizeof raw_, 0, this, &write, nullptr, nullptr}; }
    MemorySink(const MemorySink&) = delete;
    MemorySink& operator=(const MemorySink&) = delete;

    std::optional<std::uint64_t> fail_at_byte;  // the write that would pass it fails
    bkt_rc fail_rc = BKT_NO_SPACE;
    std::string text;
    bool written_after_failure = false;

    const bkt_sink* raw() const { return &raw_; }
    Sink sink() const { return Sink(&raw_); }

private:
    static bkt_rc write(const bkt_sink* sink, const void* bytes, std::uint64_t len) noexcept {
        auto& self = *static_cast<MemorySink*>(sink->ctx);
        if (self.failed_) self.written_after_failure = true;
        if (self.fail_at_byte && self.text.size() + len > *self.fail_at_byte) {
            self.failed_ = true;
            return self.fail_rc;
        }
        self.text.append(static_cast<const char*>(bytes), len);
        return BKT_OK;
    }
    bkt_sink raw_{};
    bool failed_ = false;
};

// Gives `text` in chunks of at most `chunk_bytes`, then its end, or `fail_rc` at `fail_at_byte`.
class MemorySource final {
public:
    explicit MemorySource(std::string bytes) : text(std::move(bytes)) {
        raw_ = {sizeof raw_, 0, this, &read, text.size()};
    }
    MemorySource(const MemorySource&) = delete;
    MemorySource& operator=(const MemorySource&) = delete;

    std::string text;
    std::size_t chunk_bytes = 64 * 1024;
    std::optional<std::uint64_t> fail_at_byte;
    bkt_rc fail_rc = BKT_UNAVAILABLE;

    const bkt_source* raw() const { return &raw_; }
    Source source() const { return Source(&raw_); }

private:
    static bkt_rc read(const bkt_source* source, void* bytes, std::uint64_t cap,
                       std::uint64_t* len) noexcept {
        auto& self = *static_cast<MemorySource*>(source->ctx);
        std::uint64_t end = self.text.size();
        if (self.fail_at_byte) {
            if (self.at_ >= *self.fail_at_byte) return self.fail_rc;
            end = std::min(end, *self.fail_at_byte);
        }
        *len = std::min({cap, std::uint64_t{self.chunk_bytes}, end - self.at_});
        std::memcpy(bytes, self.text.data() + self.at_, *len);
        self.at_ += *len;
        return BKT_OK;
    }
    bkt_source raw_{};
    std::uint64_t at_ = 0;
};

}  // namespace bkt::testing
