// A plugin.json may be anybody's: reading one ends in a manifest or an error, and what is read writes and
// reads back the same, with names that are safe as paths.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "core/plugin/manifest.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bkt::plugin;
    const auto read = parse_manifest({reinterpret_cast<const char*>(data), size});
    if (!read) return 0;
    if (read->id.find('/') != std::string::npos || read->id.front() == '.') std::abort();
    if (read->lib.find('/') != std::string::npos) std::abort();
    const auto again = parse_manifest(to_json(*read));
    if (!again || !(*again == *read)) std::abort();
    return 0;
}
