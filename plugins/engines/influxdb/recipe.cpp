#include "plugins/engines/influxdb/recipe.hpp"

#include "baktainer/engine.hpp"
#include "plugins/engines/influxdb/settings.hpp"

namespace bkt::influxdb {
std::optional<std::string> database_of(const std::string& part) {
    auto name = database_of_part(part, ".tar");
    if (!name || !check_name("part", *name)) return std::nullopt;
    return name;
}

std::string restore_recipe(const std::vector<std::string>& parts) {
    std::string text =
        "# Beside the server of InfluxDB 1. A database that exists is refused: drop it first, or "
        "give\n"
        "# another name with -newdb.\n";
    for (const auto& part : parts) {
        const auto database = database_of(part);
        if (!database) continue;
        text += "folder=$(mktemp -d)\ntar -xf " + shell_quoted(part) + " -C \"$folder\"\n" +
                "influxd restore -portable -db " + shell_quoted(*database) +
                " \"$folder\"\nrm -rf \"$folder\"\n";
    }
    return text;
}

}  // namespace bkt::influxdb
