#include "plugins/engines/postgres/parts.hpp"

#include "baktainer/engine.hpp"

namespace bkt::postgres {
namespace {

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

std::string database_part(std::string_view database, Format format) {
    if (format == Format::custom) return part_name(database, ".dump");
    std::string name = part_name(database, ".sql");
    return name == kGlobalsPart ? "%67lobals.sql" : name;
}

std::optional<DatabasePart> parse_database_part(const std::string& part) {
    if (part == kGlobalsPart) return std::nullopt;
    const auto dot = part.rfind('.');
    if (dot == std::string::npos) return std::nullopt;
    const std::string extension = part.substr(dot);
    if (extension != ".dump" && extension != ".sql") return std::nullopt;
    auto database = percent_decoded(std::string_view(part).substr(0, dot));
    if (!database || !check_name("part", *database)) return std::nullopt;
    return DatabasePart{part, *std::move(database),
                        extension == ".dump" ? Format::custom : Format::plain};
}

}  // namespace bkt::postgres
