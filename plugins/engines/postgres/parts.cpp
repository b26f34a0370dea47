#include "plugins/engines/postgres/parts.hpp"

#include <charconv>

#include "baktainer/engine.hpp"

namespace bkt::postgres {
namespace {

constexpr std::string_view kDataExtension = ".data-";

// "2of3" with 1 <= 2 <= 3 <= kMaxParallel, written as it would be here.
bool parse_place(std::string_view text, DatabasePart& into) {
    const auto of = text.find("of");
    if (of == text.npos) return false;
    const auto number = [](std::string_view digits, std::size_t& value) {
        const auto end = digits.data() + digits.size();
        const auto [stop, error] = std::from_chars(digits.data(), end, value);
        return error == std::errc() && stop == end && digits == std::to_string(value);
    };
    return number(text.substr(0, of), into.number) && number(text.substr(of + 2), into.count) &&
           into.number >= 1 && into.number <= into.count && into.count <= kMaxParallel;
}

}  // namespace

std::string database_part(std::string_view database, Format format) {
    if (format == Format::custom) return part_name(database, ".dump");
    std::string name = part_name(database, ".sql");
    return name == kGlobalsPart ? "%67lobals.sql" : name;
}

std::string schema_part(std::string_view database) { return part_name(database, ".schema"); }

std::string timescale_part(std::string_view database) {
    return part_name(database, ".timescaledb");
}

std::string data_part(std::string_view database, std::size_t number, std::size_t count) {
    return part_name(database, std::string(kDataExtension) + std::to_string(number) + "of" +
                                   std::to_string(count));
}

std::optional<DatabasePart> parse_database_part(const std::string& part) {
    if (part == kGlobalsPart) return std::nullopt;
    const auto dot = part.rfind('.');
    if (dot == std::string::npos) return std::nullopt;
    const std::string extension = part.substr(dot);
    DatabasePart parsed;
    parsed.part = part;
    if (extension == ".sql") parsed.format = Format::plain;
    else if (extension == ".schema") parsed.piece = Piece::schema;
    else if (extension == ".timescaledb") parsed.piece = Piece::timescale;
    else if (extension.starts_with(kDataExtension)) parsed.piece = Piece::data;
    else if (extension != ".dump") return std::nullopt;
    if (parsed.piece == Piece::data &&
        !parse_place(std::string_view(extension).substr(kDataExtension.size()), parsed))
        return std::nullopt;
    auto database = database_of_part(part, extension);
    if (!database || !check_name("part", *database)) return std::nullopt;
    parsed.database = *std::move(database);
    return parsed;
}

}  // namespace bkt::postgres
