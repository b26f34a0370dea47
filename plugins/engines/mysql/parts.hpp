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

// "orders.sql"; that of a database called 'accounts' is "%61ccounts.sql".
std::string database_part(std::string_view database);
// What database_part() was made of; nullopt for the accounts and for what is not this engine's.
std::optional<std::string> database_of(const std::string& part);

}  // namespace bkt::mysql
