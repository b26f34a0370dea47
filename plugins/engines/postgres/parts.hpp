// parts.hpp: which part holds what, by its name and media type.
//
//   globals.sql            roles and tablespaces
//   orders.dump            a database as one custom archive, or orders.sql in plain SQL
//   orders.schema          the same database in pieces, each a custom archive: what is made of it,
//   orders.data-1of3 ...   and its rows, which several tools dumped at one moment
//   orders.timescaledb     which TimescaleDB it needs; it is in pieces then
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
inline constexpr std::string_view kTimescaleMedia = "text/x-timescaledb";

enum class Piece { whole, schema, data, timescale };

// "orders.dump" or "orders.sql"; a plain dump of a database called 'globals' is "%67lobals.sql".
std::string database_part(std::string_view database, Format format);
std::string schema_part(std::string_view database);
std::string data_part(std::string_view database, std::size_t number, std::size_t count);  // from 1
std::string timescale_part(std::string_view database);

struct DatabasePart {
    std::string part;
    std::string database;
    Format format = Format::custom;
    Piece piece = Piece::whole;
    std::size_t number = 0, count = 0;  // of data
};
// What these were made of; nullopt for the globals and for what is not this engine's.
std::optional<DatabasePart> parse_database_part(const std::string& part);

}  // namespace bkt::postgres
