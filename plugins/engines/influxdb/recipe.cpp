#include "plugins/engines/influxdb/recipe.hpp"

#include "plugins/engines/influxdb/settings.hpp"

namespace bkt::influxdb {
namespace {

std::optional<int> hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return std::nullopt;
}

std::string shell_quoted(std::string_view text) {
    std::string quoted = "'";
    for (const char c : text) {
        if (c == '\'') quoted += "'\\''";
        else quoted += c;
    }
    return quoted + "'";
}

}  // namespace

std::optional<std::string> database_of(const std::string& part) {
    if (!part.ends_with(".tar")) return std::nullopt;
    const std::string_view text = std::string_view(part).substr(0, part.size() - 4);
    std::string name;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            name += text[i];
            continue;
        }
        if (i + 2 >= text.size()) return std::nullopt;
        const auto high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
        if (!high || !low) return std::nullopt;
        name += static_cast<char>(*high * 16 + *low);
        i += 2;
    }
    if (!check_name("part", name)) return std::nullopt;
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
