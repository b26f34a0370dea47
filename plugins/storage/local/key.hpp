// key.hpp: an object's key, checked, as the folder and file names below the root.
//
// Keys come from the host, yet from manifests on disk too: nothing here trusts them. A key that could
// leave the root, or that looks like a staged file, is refused.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "baktainer/result.hpp"

namespace bkt::local {

inline constexpr std::size_t kMaxKeyBytes = 1024;
inline constexpr std::size_t kMaxSegmentBytes = 255;  // NAME_MAX of every Linux filesystem we meet

struct Key {
    std::vector<std::string> folders;
    std::string name;
};

// Code::invalid, naming the rule that was broken.
Result<Key> parse_key(std::string_view key);

// True for a name that may be a segment of a key (staged names included).
bool is_segment(std::string_view name);

// "<name>.partial-<16 hex digits>": a file that was not published yet, or never will be.
inline constexpr std::string_view kPartialMark = ".partial-";
inline constexpr std::size_t kPartialRandomDigits = 16;
bool is_partial(std::string_view name);

}  // namespace bkt::local
