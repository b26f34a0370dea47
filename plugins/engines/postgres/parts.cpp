#include "plugins/engines/postgres/parts.hpp"

#include "baktainer/engine.hpp"

namespace bkt::postgres {
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
    auto database = database_of_part(part, extension);
    if (!database || !check_name("part", *database)) return std::nullopt;
    return DatabasePart{part, *std::move(database),
                        extension == ".dump" ? Format::custom : Format::plain};
}

}  // namespace bkt::postgres
