// base/timestamp.hpp: moments as text, always UTC.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "baktainer/result.hpp"

namespace bkt::base {

using WallTime = std::chrono::sys_time<std::chrono::seconds>;

WallTime now();
// "2026-11-24T02:00:00Z" (RFC 3339).
std::string rfc3339(WallTime time);
// "20261124T020000Z": sorts as text and has no ':' (SMB and FAT refuse it).
std::string compact(WallTime time);
Result<WallTime> parse_rfc3339(std::string_view text);

}  // namespace bkt::base
