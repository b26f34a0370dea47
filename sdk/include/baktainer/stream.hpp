// stream.hpp: borrowed views of the host's sinks and sources, and Tap, the base of every validator.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>

#include "baktainer/abi/stream.h"
#include "baktainer/call.hpp"

namespace bkt {

using Bytes = std::span<const std::byte>;
inline Bytes as_bytes(std::string_view s) {
    return {reinterpret_cast<const std::byte*>(s.data()), s.size()};
}
inline std::string_view as_text(Bytes b) {
    return {reinterpret_cast<const char*>(b.data()), b.size()};
}

// A host sink, borrowed. Blocks while the host is busy; that is the back-pressure.
class Sink {
public:
    explicit Sink(const bkt_sink* raw) : raw_(raw) {}
    const bkt_sink* raw() const { return raw_; }
    // Takes all of `bytes` or fails; after a failure write no more. An error here carries no message:
    // the host knows it already.
    Status write(Bytes bytes) const {
        const bkt_rc rc = raw_->write(raw_, bytes.data(), bytes.size());
        if (rc != BKT_OK) return Call::passed_on(rc, "writing");
        return {};
    }

private:
    const bkt_sink* raw_;
};

// A host source, borrowed.
class Source {
public:
    explicit Source(const bkt_source* raw) : raw_(raw) {}
    const bkt_source* raw() const { return raw_; }
    // Fills some of `into`; 0 = the end, and everything before it was whole.
    Result<std::size_t> read(std::span<std::byte> into) const {
        std::uint64_t n = 0;
        const bkt_rc rc = raw_->read(raw_, into.data(), into.size(), &n);
        if (rc != BKT_OK) return Call::passed_on(rc, "reading");
        return static_cast<std::size_t>(n);
    }
    // To the end: a tool may stop when it has what it needs, and only its end says that a source was whole.
    Status drain() const {
        std::array<std::byte, 16 * 1024> waste;
        for (;;) {
            BKT_LET(const std::size_t n, read(waste));
            if (n == 0) return {};
        }
    }
    std::uint64_t size_bytes() const {
        return BKT_HAS(raw_, bkt_source, size_bytes) ? raw_->size_bytes : 0;
    }

private:
    const bkt_source* raw_;
};

// Looks at every byte of one part and decides at the end whether the part is whole. The answer may
// not depend on how the bytes are cut into chunks.
class Tap {
public:
    virtual ~Tap() = default;
    virtual Status feed(Call& call, Bytes bytes) = 0;
    virtual Status finish(Call& call) = 0;
    // Only the last so many bytes matter, and feed() sees nothing else (bkt_tap); 0 = every byte.
    virtual std::uint64_t tail_bytes() const { return 0; }
};

// A tap for text dumps that end with a line such as "-- Dump completed": `marker` must stand at the
// start of a line within the last 4 KiB, because some tools write short lines after it.
std::unique_ptr<Tap> ends_with(std::string_view marker);

}  // namespace bkt

#include "baktainer/detail/ends_with.hpp"
