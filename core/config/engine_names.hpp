// config/engine_names.hpp: the databases Baktainer's own tables speak of, and what else people call them.
#pragma once

#include <array>
#include <string_view>

namespace bkt::config {

// An engine that is not here (a stranger's plugin) is given every key.
struct EngineName {
    std::string_view name;
    std::string_view aliases;  // comma-separated
};
inline constexpr std::array kEngineNames{
    EngineName{"postgres", "postgresql,pg,pgsql"},
    EngineName{"mysql", "mysqld"},
    EngineName{"mariadb", "mariadbd"},
    EngineName{"mongodb", "mongo,mongod,ferretdb"},
    EngineName{"redis", "valkey,keydb"},
    EngineName{"influxdb", "influx,influxdb2"},
    EngineName{"sqlite", "sqlite3"},
    EngineName{"custom", ""},
};

// "postgresql" -> "postgres"; anything else as it is.
std::string_view engine_name(std::string_view name_or_alias);

}  // namespace bkt::config
