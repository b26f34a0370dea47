#include "core/target/slug.hpp"

namespace bkt::target {

namespace {

constexpr std::size_t kMaxNameBytes = 64;

}  // namespace

std::string slug_of(std::string_view name) {
    std::string slug;
    for (const char c : name.substr(0, kMaxNameBytes)) {
        const bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
        slug += ok ? c : c == '/' ? '.' : '-';
    }
    if (slug.empty() || slug.front() == '.') slug.insert(slug.begin(), '_');
    return slug.substr(0, kMaxNameBytes);
}

}  // namespace bkt::target
