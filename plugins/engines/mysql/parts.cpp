#include "plugins/engines/mysql/parts.hpp"

#include "baktainer/engine.hpp"
#include "plugins/engines/mysql/settings.hpp"

namespace bkt::mysql {
namespace {

constexpr std::string_view kExtension = ".sql";

}  // namespace

std::string database_part(std::string_view database) {
    std::string name = part_name(database, kExtension);
    return name == kAccountsPart ? "%61ccounts.sql" : name;
}

std::optional<std::string> database_of(const std::string& part) {
    if (part == kAccountsPart || !part.ends_with(kExtension)) return std::nullopt;
    auto name = database_of_part(part, kExtension);
    if (!name || !check_name("part", *name)) return std::nullopt;
    return name;
}

}  // namespace bkt::mysql
