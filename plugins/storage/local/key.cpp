#include "plugins/storage/local/key.hpp"

#include <algorithm>

namespace bkt::local {
namespace {

bool is_key_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._%+=@,-").find(c) != std::string_view::npos;
}

Error invalid(std::string_view key, const std::string& why) {
    // A hostile key may hold control characters or megabytes: show only what is harmless.
    std::string shown;
    for (const char c : key.substr(0, 80)) shown += is_key_char(c) || c == '/' ? c : '?';
    return {Code::invalid, "key '" + shown + "' " + why};
}

}  // namespace

bool is_segment(std::string_view name) {
    return !name.empty() && name != "." && name != ".." && name.size() <= kMaxSegmentBytes &&
           std::all_of(name.begin(), name.end(), is_key_char);
}

bool is_partial(std::string_view name) {
    const auto at = name.rfind(kPartialMark);
    if (at == std::string_view::npos || at == 0) return false;
    const std::string_view random = name.substr(at + kPartialMark.size());
    return random.size() == kPartialRandomDigits &&
           random.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Result<Key> parse_key(std::string_view key) {
    if (key.empty()) return invalid(key, "is empty");
    if (key.size() > kMaxKeyBytes)
        return invalid(key, "is longer than " + std::to_string(kMaxKeyBytes) + " bytes");
    Key parsed;
    std::string_view rest = key;
    for (;;) {
        const auto slash = rest.find('/');
        const std::string_view segment = rest.substr(0, slash);
        if (!is_segment(segment))
            return invalid(key,
                           "has a segment that is empty, '.', '..', too long or holds a "
                           "character outside [A-Za-z0-9._%+=@,-]");
        if (is_partial(segment)) return invalid(key, "looks like a staged file");
        if (slash == std::string_view::npos) {
            parsed.name = segment;
            break;
        }
        parsed.folders.emplace_back(segment);
        rest.remove_prefix(slash + 1);
    }
    if (parsed.name.size() + kPartialMark.size() + kPartialRandomDigits > kMaxSegmentBytes)
        return invalid(key, "has a last segment too long to be staged beside itself");
    return parsed;
}

}  // namespace bkt::local
