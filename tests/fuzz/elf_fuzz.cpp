// A plugin's library may be anybody's bytes: reading one ends in facts or an error, and what the rules let
// pass has our entry and nothing else.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "core/plugin/elf.hpp"
#include "core/plugin/elf_rules.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bkt::plugin;
    const auto facts = read_elf({reinterpret_cast<const std::byte*>(data), size});
    if (!facts) return facts.error().message.empty() ? std::abort(), 0 : 0;
    runtime_of(*facts);
    highest_version(facts->versions, "GLIBC");
    if (!check_elf(*facts)) return 0;
    if (facts->exports.empty() || !facts->unique.empty()) std::abort();
    for (const auto& name : facts->exports)
        if (!name.starts_with("bkt_module_v")) std::abort();
    return 0;
}
