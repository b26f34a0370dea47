#include "plugins/engines/mysql/parts.hpp"

#include "baktainer/engine.hpp"
#include "plugins/engines/mysql/settings.hpp"

namespace bkt::mysql {
namespace {

struct Extension {
    Holds holds;
    std::string_view text;
};
constexpr Extension kExtensions[] = {{Holds::everything, ".sql"},
                                     {Holds::some_tables, ".partial-sql"},
                                     {Holds::schema, ".schema-sql"},
                                     {Holds::rows, ".rows-sql"}};

}  // namespace

std::string database_part(std::string_view database, Holds holds) {
    std::string name;
    for (const auto& extension : kExtensions)
        if (extension.holds == holds) name = part_name(database, extension.text);
    return name == kAccountsPart ? "%61ccounts.sql" : name;
}

std::optional<DatabasePart> database_of(const std::string& part) {
    if (part == kAccountsPart) return std::nullopt;
    for (const auto& extension : kExtensions)
        if (auto name = database_of_part(part, extension.text))
            if (check_name("part", *name)) return DatabasePart{*std::move(name), extension.holds};
    return std::nullopt;
}

}  // namespace bkt::mysql
