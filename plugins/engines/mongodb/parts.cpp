#include "plugins/engines/mongodb/parts.hpp"

#include "baktainer/engine.hpp"
#include "plugins/engines/mongodb/settings.hpp"

namespace bkt::mongodb {
namespace {

constexpr std::string_view kExtension = ".archive";

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

std::string database_part(std::string_view database) { return part_name(database, kExtension); }

std::optional<PartContent> part_content(const std::string& part) {
    if (part == kAllPart) return PartContent{};
    if (part == kAllWithOplogPart) return PartContent{{}, true};
    if (!part.ends_with(kExtension)) return std::nullopt;
    auto name = percent_decoded(std::string_view(part).substr(0, part.size() - kExtension.size()));
    if (!name || !check_name("part", *name)) return std::nullopt;
    return PartContent{*std::move(name), false};
}

}  // namespace bkt::mongodb
