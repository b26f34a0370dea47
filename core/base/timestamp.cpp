#include "core/base/timestamp.hpp"

#include <ctime>

namespace bkt::base {

namespace {

std::string formatted(WallTime time, const char* format) {
    const std::time_t t = std::chrono::system_clock::to_time_t(time);
    std::tm parts{};
    ::gmtime_r(&t, &parts);
    char text[40];
    return {text, std::strftime(text, sizeof text, format, &parts)};
}

}  // namespace

WallTime now() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

std::string rfc3339(WallTime time) { return formatted(time, "%Y-%m-%dT%H:%M:%SZ"); }

std::string compact(WallTime time) { return formatted(time, "%Y%m%dT%H%M%SZ"); }

Result<WallTime> parse_rfc3339(std::string_view text) {
    std::tm parts{};
    const std::string copy(text);
    const char* end = ::strptime(copy.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    if (!end || *end != '\0')
        return Error{Code::invalid, "'" + copy + "' is not a time like 2026-11-24T02:00:00Z"};
    return WallTime(std::chrono::seconds(::timegm(&parts)));
}

}  // namespace bkt::base
