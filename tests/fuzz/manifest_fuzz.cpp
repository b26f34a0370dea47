// A manifest comes from a store, which may be anybody's: reading one ends in a manifest or an error, and
// what is read writes and reads back the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "core/archive/manifest.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bkt::archive;
    const auto read = parse_manifest({reinterpret_cast<const char*>(data), size});
    if (!read) return 0;
    if (read->folder().find("/../") != std::string::npos) std::abort();
    const auto again = parse_manifest(to_json(*read));
    if (!again || to_json(*again) != to_json(*read)) std::abort();
    return 0;
}
