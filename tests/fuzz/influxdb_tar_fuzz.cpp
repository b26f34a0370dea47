// A dump comes out of a container, which may be anybody's: reading one ends in an answer, the same one
// however the bytes are cut, and never takes memory that the bytes did not pay for.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "plugins/engines/influxdb/backup_tar.hpp"

namespace {

int verdict(bkt::Bytes bytes, std::size_t chunk_bytes) {
    bkt::influxdb::BackupTar format;
    while (!bytes.empty()) {
        const auto chunk = bytes.first(std::min(chunk_bytes, bytes.size()));
        if (const auto fed = format.feed(chunk); !fed) return static_cast<int>(fed.error().code);
        bytes = bytes.subspan(chunk.size());
    }
    const auto end = format.finish();
    return end ? 0 : static_cast<int>(end.error().code);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const bkt::Bytes bytes{reinterpret_cast<const std::byte*>(data), size};
    const int whole = verdict(bytes, size + 1);
    if (verdict(bytes, 1) != whole || verdict(bytes, 7) != whole) std::abort();
    // What is whole is not whole a byte earlier, nor a byte later: a tar ends at a block.
    if (whole == 0 && verdict(bytes.first(size - 1), size) == 0) std::abort();
    return 0;
}
