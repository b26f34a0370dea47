#include "plugins/engines/influxdb/settings.hpp"

#include <algorithm>

namespace bkt::influxdb {
namespace {

constexpr std::size_t kMaxNameBytes = 255;  // each database is a folder of its name

// What is hostile must not reach a terminal through the very error that refuses it.
std::string shown(std::string_view text) {
    std::string safe;
    for (const char c : text.substr(0, 80))
        safe += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
    return text.size() > 80 ? safe + "..." : safe;
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::string_view trimmed(std::string_view s) {
    while (s.starts_with(' ')) s.remove_prefix(1);
    while (s.ends_with(' ')) s.remove_suffix(1);
    return s;
}

Error invalid(std::string_view key, std::string_view value, const char* why) {
    return {Code::invalid, "'" + std::string(key) + "' is '" + shown(value) + "', which " + why};
}

Status parse_databases(std::string_view list, std::vector<std::string>& databases) {
    if (trimmed(list).empty() || trimmed(list) == "*") return {};
    for (;;) {
        const auto comma = list.find(',');
        const std::string name(trimmed(list.substr(0, comma)));
        BKT_TRY(check_name("db.name", name));
        if (std::find(databases.begin(), databases.end(), name) != databases.end())
            return invalid("db.name", name, "is named twice");
        databases.push_back(name);
        if (comma == list.npos) return {};
        list.remove_prefix(comma + 1);
    }
}

}  // namespace

Status check_name(std::string_view key, std::string_view name) {
    if (name.empty()) return invalid(key, name, "is empty");
    if (name.size() > kMaxNameBytes || has_control(name))
        return invalid(key, name, "is too long or holds a control character");
    if (name == "." || name == ".." || name.find('/') != name.npos)
        return invalid(key, name, "cannot be a folder's name, as InfluxDB wants it");
    return {};
}

std::string quoted_name(std::string_view name) {
    std::string quoted = "\"";
    for (const char c : name) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + "\"";
}

Result<Settings> Settings::load(const Call& call) {
    Settings s;
    s.user = call.config("db.user");
    if (has_control(s.user)) return invalid("db.user", s.user, "holds a control character");
    s.host = call.config("db.host");
    if (has_control(s.host)) return invalid("db.host", s.host, "holds a control character");
    s.port = call.config("db.port");
    if (s.port.size() > 5 || s.port.find_first_not_of("0123456789") != s.port.npos ||
        (!s.port.empty() && (std::stoi(s.port) < 1 || std::stoi(s.port) > 65535)))
        return invalid("db.port", s.port, "is no port number");
    BKT_TRY(parse_databases(call.config("db.name"), s.databases));
    return s;
}

}  // namespace bkt::influxdb
