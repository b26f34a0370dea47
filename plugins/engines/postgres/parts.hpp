// parts.hpp: which part holds what, by its name and media type.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "plugins/engines/postgres/settings.hpp"

namespace bkt::postgres {

inline constexpr std::string_view kGlobalsPart = "globals.sql";
inline constexpr std::string_view kGlobalsMedia = "text/x-postgres-globals";
inline constexpr std::string_view kCustomMedia = "application/vnd.postgresql.custom";
inline constexpr std::string_view kPlainMedia = "text/x-postgresql";

// "orders.dump" or "orders.sql"; a plain dump of a database called 'globals' is "%67lobals.sql".
std::string database_part(std::string_view database, Format format);

struct DatabasePart {
    std::string part;
    std::string database;
    Format format;
};
// What database_part() was made of; nullopt for the globals and for what is not this engine's.
std::optional<DatabasePart> parse_database_part(const std::string& part);

}  // namespace bkt::postgres
