// recipe.hpp: how to restore without Baktainer, as shell lines for InfluxDB's own program.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace bkt::influxdb {

// The database of part "o%20d.tar"; nullopt for what is not this engine's.
std::optional<std::string> database_of(const std::string& part);
// For parts lying as plain files in the current folder. Runs as written by `sh -e` beside the server.
std::string restore_recipe(const std::vector<std::string>& parts);

}  // namespace bkt::influxdb
