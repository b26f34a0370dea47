#include "plugins/engines/mysql/settings.hpp"

#include <algorithm>

#include "baktainer/setting_text.hpp"

namespace bkt::mysql {
namespace {

constexpr std::size_t kMaxHostBytes = 255, kMaxUserBytes = 320;
constexpr std::string_view kSystem[] = {"information_schema", "mysql", "performance_schema", "sys"};

// Of UTF-8: every byte that does not go on with a character begins one.
std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
}

}  // namespace

bool is_system_database(std::string_view name) {
    return std::find(std::begin(kSystem), std::end(kSystem), name) != std::end(kSystem);
}

Status check_name(std::string_view key, std::string_view name) {
    if (name.empty()) return invalid_setting(key, name, "is empty");
    if (characters(name) > kMaxNameCharacters || name.size() > 4 * kMaxNameCharacters)
        return invalid_setting(key, name, "is longer than a name's 64 characters");
    if (has_control(name)) return invalid_setting(key, name, "holds a control character");
    if (is_system_database(name)) {
        Error error = invalid_setting(key, name, "is the server's own");
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
        return invalid_setting("db.user", s.user, "is no account's name");
    s.host = call.config("db.host");
    if (s.host.size() > kMaxHostBytes || has_control(s.host))
        return invalid_setting("db.host", s.host, "is no host name or address");
    s.port = call.config("db.port");
    if (!s.port.empty()) BKT_TRY(check_port(s.port));
    BKT_LET(s.databases, database_names(call.config("db.name"), kMaxDatabases, check_name));
    s.all_databases = s.databases.empty();
    BKT_LET(s.parallel, parallel_of(call.config("parallel")));
    s.on_this_machine = call.config("mode") == "remote";
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
