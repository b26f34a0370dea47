// parts.hpp: which part holds what, by its name.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bkt::mongodb {

inline constexpr std::string_view kMedia = "application/vnd.mongodb.archive";
// No database's part is called so: its '@' would be "%40".
inline constexpr std::string_view kAllPart = "@all.archive";
inline constexpr std::string_view kAllWithOplogPart = "@all-oplog.archive";

std::string database_part(std::string_view database);

struct PartContent {
    std::string database;  // empty = all
    bool oplog = false;
};
// nullopt for what is not this engine's.
std::optional<PartContent> part_content(const std::string& part);

}  // namespace bkt::mongodb
