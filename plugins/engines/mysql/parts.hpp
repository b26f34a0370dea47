// parts.hpp: which part holds what, by its name and media type.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bkt::mysql {

// "globals" in its type: it goes along into a new server only when one database is asked for.
inline constexpr std::string_view kAccountsPart = "accounts.sql";
inline constexpr std::string_view kAccountsMedia = "text/x-mysql-globals";
inline constexpr std::string_view kDumpMedia = "text/x-mysql-dump";

// What of its database a part holds. It stands in the part's name, because who restores, by hand too, must
// know whether what is there already may be dropped for it.
enum class Holds {
    everything,   // "orders.sql"
    some_tables,  // "orders.partial-sql": tables and views of a choice
    schema,       // "orders.schema-sql": definitions without rows
    rows          // "orders.rows-sql": rows without definitions
};

struct DatabasePart {
    std::string database;
    Holds holds = Holds::everything;
    bool operator==(const DatabasePart&) const = default;
};

// The part of a database called 'accounts' is "%61ccounts.sql".
std::string database_part(std::string_view database, Holds holds = Holds::everything);
// What database_part() was made of; nullopt for the accounts and for what is not this engine's.
std::optional<DatabasePart> database_of(const std::string& part);

}  // namespace bkt::mysql
