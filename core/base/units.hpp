// base/units.hpp: sizes and durations as people write and read them.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "baktainer/result.hpp"

namespace bkt::base {

// "1048576", "64MiB", "10GB": B, kB/MB/GB/TB by 1000, KiB/MiB/GiB/TiB by 1024.
Result<std::uint64_t> parse_size(std::string_view text);
// "30s", "15m", "6h", "2d", "1h30m"; a bare number is refused: it has no unit.
Result<std::chrono::seconds> parse_duration(std::string_view text);
// "1.4 GiB", "312 B".
std::string human_size(std::uint64_t size_bytes);
// "850 ms", "3.2 s", "4 min 10 s".
std::string human_duration(std::chrono::milliseconds duration);
// "just now", "5 minutes ago", "3 days ago".
std::string human_age(std::chrono::seconds age);

}  // namespace bkt::base
