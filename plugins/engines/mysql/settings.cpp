#include "plugins/engines/mysql/settings.hpp"

#include <algorithm>

namespace bkt::mysql {
namespace {

constexpr std::size_t kMaxHostBytes = 255, kMaxUserBytes = 320;
constexpr std::string_view kSystem[] = {"information_schema", "mysql", "performance_schema", "sys"};

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

// Of UTF-8: every byte that does not go on with a character begins one.
std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
}

std::string_view trimmed(std::string_view s) {
    while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
    while (!s.empty() && s.back() == ' ') s.remove_suffix(1);
    return s;
}

Status parse_databases(std::string_view list, Settings& settings) {
    if (trimmed(list).empty() || trimmed(list) == "*") {
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

Status check_port(std::string_view port) {
    const bool digits = port.size() <= 5 && port.find_first_not_of("0123456789") == port.npos;
    if (!digits || std::stoi(std::string(port)) < 1 || std::stoi(std::string(port)) > 65535)
        return invalid("db.port", port, "is no port number");
    return {};
}

}  // namespace

bool is_system_database(std::string_view name) {
    return std::find(std::begin(kSystem), std::end(kSystem), name) != std::end(kSystem);
}

Status check_name(std::string_view key, std::string_view name) {
    if (name.empty()) return invalid(key, name, "is empty");
    if (characters(name) > kMaxNameCharacters || name.size() > 4 * kMaxNameCharacters)
        return invalid(key, name, "is longer than a name's 64 characters");
    if (has_control(name)) return invalid(key, name, "holds a control character");
    if (is_system_database(name)) {
        Error error = invalid(key, name, "is the server's own");
        error.hint = "name your own databases; accounts and grants are saved with them";
        return error;
    }
    return {};
}

std::string identifier(std::string_view name) {
    std::string quoted = "`";
    for (const char c : name) {
        if (c == '`') quoted += '`';
        quoted += c;
    }
    return quoted + "`";
}

std::string literal(std::string_view text) {
    std::string quoted = "'";
    for (const char c : text) {
        if (c == '\'' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + "'";
}

Result<Settings> Settings::load(const Call& call) {
    Settings s;
    s.user = call.config("db.user");
    if (s.user.empty()) s.user = "root";
    if (s.user.size() > kMaxUserBytes || has_control(s.user))
        return invalid("db.user", s.user, "is no account's name");
    s.host = call.config("db.host");
    if (s.host.size() > kMaxHostBytes || has_control(s.host))
        return invalid("db.host", s.host, "is no host name or address");
    s.port = call.config("db.port");
    if (!s.port.empty()) BKT_TRY(check_port(s.port));
    BKT_TRY(parse_databases(call.config("db.name"), s));
    return s;
}

std::vector<std::string> Settings::connection_options() const {
    std::vector<std::string> options{"--user=" + user};
    // A port means TCP, which "localhost" would not.
    options.push_back("--host=" + (!host.empty()  ? host
                                   : port.empty() ? std::string("localhost")
                                                  : std::string("127.0.0.1")));
    if (!port.empty()) options.push_back("--port=" + port);
    return options;
}

}  // namespace bkt::mysql
