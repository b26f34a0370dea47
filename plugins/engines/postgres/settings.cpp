#include "plugins/engines/postgres/settings.hpp"

#include <algorithm>

namespace bkt::postgres {
namespace {

constexpr std::size_t kMaxHostBytes = 255;

// What is hostile must not reach a terminal through the very error that refuses it.
std::string shown(std::string_view text) {
    std::string safe;
    for (const char c : text.substr(0, 80))
        safe += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
    return text.size() > 80 ? safe + "..." : safe;
}

Error invalid(std::string_view key, std::string_view value, const std::string& why) {
    return {Code::invalid, "'" + std::string(key) + "' is '" + shown(value) + "', which " + why};
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::string_view trimmed(std::string_view s) {
    while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
    while (!s.empty() && s.back() == ' ') s.remove_suffix(1);
    return s;
}

Status parse_databases(std::string_view list, Settings& settings) {
    if (trimmed(list) == "*") {
        settings.all_databases = true;
        return {};
    }
    for (;;) {
        const auto comma = list.find(',');
        const std::string name(trimmed(list.substr(0, comma)));
        BKT_TRY(check_name("db.name", name));
        if (std::find(settings.databases.begin(), settings.databases.end(), name) !=
            settings.databases.end())
            return invalid("db.name", name, "is named twice");
        settings.databases.push_back(name);
        if (settings.databases.size() > kMaxDatabases)
            return Error{Code::invalid, "'db.name' names more than " +
                                            std::to_string(kMaxDatabases) + " databases"};
        if (comma == std::string_view::npos) return {};
        list.remove_prefix(comma + 1);
    }
}

Status check_host(std::string_view host) {
    if (host.size() > kMaxHostBytes || has_control(host))
        return invalid("db.host", host, "is no host name, address or socket folder");
    return {};
}

Status check_port(std::string_view port) {
    const bool digits = port.size() <= 5 && port.find_first_not_of("0123456789") == port.npos;
    if (!digits || std::stoi(std::string(port)) < 1 || std::stoi(std::string(port)) > 65535)
        return invalid("db.port", port, "is no port number");
    return {};
}

}  // namespace

Status check_name(std::string_view key, std::string_view name) {
    if (name.empty()) return invalid(key, name, "is empty");
    if (name.size() > kMaxNameBytes)
        return invalid(key, name,
                       "is longer than PostgreSQL's " + std::to_string(kMaxNameBytes) + " bytes");
    if (has_control(name)) return invalid(key, name, "holds a control character");
    return {};
}

std::string connection_string(std::string_view database) {
    std::string text = "dbname='";
    for (const char c : database) {
        if (c == '\'' || c == '\\') text += '\\';
        text += c;
    }
    return text + "'";
}

Result<Settings> Settings::load(const Call& call) {
    Settings s;
    s.user = call.config("db.user");
    if (s.user.empty()) s.user = "postgres";
    BKT_TRY(check_name("db.user", s.user));
    s.host = call.config("db.host");
    BKT_TRY(check_host(s.host));
    s.port = call.config("db.port");
    if (!s.port.empty()) BKT_TRY(check_port(s.port));
    const std::string databases = call.config("db.name");
    BKT_TRY(parse_databases(databases.empty() ? s.user : databases, s));
    const std::string format = call.config("db.format");
    if (format == "plain") s.format = Format::plain;
    else if (!format.empty() && format != "custom")
        return invalid("db.format", format, "is neither 'custom' nor 'plain'");
    return s;
}

std::vector<std::string> Settings::connection_options() const {
    std::vector<std::string> options{"--username=" + user};
    if (!host.empty()) options.push_back("--host=" + host);
    if (!port.empty()) options.push_back("--port=" + port);
    options.emplace_back("--no-password");
    return options;
}

}  // namespace bkt::postgres
