// plugin/read_struct.hpp: a struct of the other side in the shape this side knows.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace bkt::plugin {

// A copy of `*theirs`, whose maker may have known fewer fields (those are 0: absent) or more (those are left
// out). Never copy such a struct by `=`: that reads as far as our own header goes.
template <class Struct>
Struct read_struct(const Struct* theirs) {
    Struct ours{};
    std::memcpy(&ours, theirs, std::min<std::size_t>(theirs->size, sizeof ours));
    ours.size = sizeof ours;
    return ours;
}

}  // namespace bkt::plugin
