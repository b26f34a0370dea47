#include "plugins/engines/mysql/parts.hpp"

#include "baktainer/engine.hpp"
#include "plugins/engines/mysql/settings.hpp"

namespace bkt::mysql {
namespace {

constexpr std::string_view kExtension = ".sql";

std::optional<int> hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return std::nullopt;
}

std::optional<std::string> percent_decoded(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded += text[i];
            continue;
        }
        if (i + 2 >= text.size()) return std::nullopt;
        const auto high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
        if (!high || !low) return std::nullopt;
        decoded += static_cast<char>(*high * 16 + *low);
        i += 2;
    }
    return decoded;
}

}  // namespace

std::string database_part(std::string_view database) {
    std::string name = part_name(database, kExtension);
    return name == kAccountsPart ? "%61ccounts.sql" : name;
}

std::optional<std::string> database_of(const std::string& part) {
    if (part == kAccountsPart || !part.ends_with(kExtension)) return std::nullopt;
    auto name = percent_decoded(std::string_view(part).substr(0, part.size() - kExtension.size()));
    if (!name || !check_name("part", *name)) return std::nullopt;
    return name;
}

}  // namespace bkt::mysql
