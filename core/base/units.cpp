#include "core/base/units.hpp"

#include <charconv>
#include <cstdio>
#include <limits>

namespace bkt::base {

namespace {

struct SizeUnit {
    std::string_view name;
    std::uint64_t bytes;
};
constexpr SizeUnit kSizeUnits[] = {
    {"", 1},
    {"B", 1},
    {"kB", 1000},
    {"KB", 1000},
    {"MB", 1000'000},
    {"GB", 1000'000'000},
    {"TB", 1000'000'000'000},
    {"KiB", 1ull << 10},
    {"MiB", 1ull << 20},
    {"GiB", 1ull << 30},
    {"TiB", 1ull << 40},
};

std::int64_t seconds_in(char unit) {
    switch (unit) {
        case 's': return 1;
        case 'm': return 60;
        case 'h': return 3600;
        case 'd': return 86400;
        case 'w': return 7 * 86400;
    }
    return 0;
}

std::string printed(const char* format, double value, const char* unit) {
    char text[64];
    return {text, static_cast<std::size_t>(std::snprintf(text, sizeof text, format, value, unit))};
}

}  // namespace

Result<std::uint64_t> parse_size(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
    if (error == std::errc{})
        for (const auto& u : kSizeUnits)
            if (u.name == unit && number <= std::numeric_limits<std::uint64_t>::max() / u.bytes)
                return number * u.bytes;
    return Error{Code::invalid, "'" + std::string(text) + "' is not a size", "write it like 64MiB"};
}

Result<std::chrono::seconds> parse_duration(std::string_view text) {
    constexpr std::int64_t kMost_s = 100ll * 365 * 86400;
    const Error bad{Code::invalid, "'" + std::string(text) + "' is not a duration",
                    "write it with a unit, like 30m or 6h"};
    std::int64_t total_s = 0;
    std::string_view rest = text;
    if (rest.empty()) return bad;
    while (!rest.empty()) {
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
        if (error != std::errc{} || number < 0 || end == rest.data() + rest.size()) return bad;
        const std::int64_t unit_s = seconds_in(*end);
        if (unit_s == 0 || number > kMost_s / unit_s) return bad;
        total_s += number * unit_s;
        if (total_s > kMost_s) return bad;
        rest.remove_prefix(static_cast<std::size_t>(end - rest.data()) + 1);
    }
    return std::chrono::seconds(total_s);
}

std::string human_size(std::uint64_t size_bytes) {
    static constexpr const char* kNames[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    auto value = static_cast<double>(size_bytes);
    std::size_t unit = 0;
    while (value >= 1024 && unit + 1 < std::size(kNames)) value /= 1024, ++unit;
    return printed(unit == 0 ? "%.0f %s" : "%.1f %s", value, kNames[unit]);
}

std::string human_duration(std::chrono::milliseconds duration) {
    const auto ms = duration.count();
    if (ms < 1000) return std::to_string(ms) + " ms";
    if (ms < 60'000) return printed("%.1f %s", static_cast<double>(ms) / 1000, "s");
    const auto s = ms / 1000;
    if (s < 3600) return std::to_string(s / 60) + " min " + std::to_string(s % 60) + " s";
    return std::to_string(s / 3600) + " h " + std::to_string(s % 3600 / 60) + " min";
}

std::string human_age(std::chrono::seconds age) {
    const auto s = age.count();
    const auto ago = [](std::int64_t n, const char* unit) {
        return std::to_string(n) + " " + unit + (n == 1 ? " ago" : "s ago");
    };
    if (s < 60) return "just now";
    if (s < 3600) return ago(s / 60, "minute");
    if (s < 86400) return ago(s / 3600, "hour");
    return ago(s / 86400, "day");
}

}  // namespace bkt::base
