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
// For influxdb2.tar in the current folder and a server of InfluxDB 2: tar and curl. INFLUX_HOST says where it is,
// INFLUX_TOKEN is one of its operator tokens.
std::string api_restore_recipe();
// The same for parts such as shop.bucket. INFLUX_ORG_ID is the organisation that gets them.
std::string bucket_restore_recipe(const std::vector<std::string>& parts);

}  // namespace bkt::influxdb
