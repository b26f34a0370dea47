// The attached stream is the container engine's, and a hostile container writes most of it: whatever it
// is, the same bytes in other chunks give the same payload and the same verdict.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "plugins/discovery/docker/frame_parser.hpp"

namespace {

struct Parsed {
    std::string out, err;
    bool whole = false;
    bool operator==(const Parsed&) const = default;
};

Parsed parse(bkt::Bytes input, std::size_t chunk_bytes) {
    bkt::docker::FrameParser parser;
    Parsed parsed;
    while (!input.empty()) {
        bkt::Bytes chunk = input.first(std::min(chunk_bytes, input.size()));
        input = input.subspan(chunk.size());
        while (!chunk.empty()) {
            const auto slice = parser.next(chunk);
            if (!slice) return parsed;
            if (!*slice) break;
            ((*slice)->frame == bkt::docker::Frame::err ? parsed.err : parsed.out) +=
                bkt::as_text((*slice)->bytes);
        }
    }
    parsed.whole = parser.finish().has_value();
    return parsed;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const bkt::Bytes input{reinterpret_cast<const std::byte*>(data), size};
    const Parsed at_once = parse(input, size + 1);
    for (const std::size_t chunk : {1u, 3u, 8u})
        if (parse(input, chunk) != at_once) std::abort();
    return 0;
}
