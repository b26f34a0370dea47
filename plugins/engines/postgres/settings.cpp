#include "plugins/engines/postgres/settings.hpp"

#include "baktainer/setting_text.hpp"

namespace bkt::postgres {
namespace {

constexpr std::size_t kMaxHostBytes = 255;

Status check_host(std::string_view host) {
    if (host.size() > kMaxHostBytes || has_control(host))
        return invalid_setting("db.host", host, "is no host name, address or socket folder");
    return {};
}

}  // namespace

Status check_name(std::string_view key, std::string_view name) {
    if (name.empty()) return invalid_setting(key, name, "is empty");
    if (name.size() > kMaxNameBytes)
        return invalid_setting(
            key, name, "is longer than PostgreSQL's " + std::to_string(kMaxNameBytes) + " bytes");
    if (has_control(name)) return invalid_setting(key, name, "holds a control character");
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
    s.all_databases = without_blanks(databases) == "*";
    BKT_LET(s.databases,
            database_names(databases.empty() ? s.user : databases, kMaxDatabases, check_name));
    const std::string format = call.config("db.format");
    if (format == "plain") s.format = Format::plain;
    else if (!format.empty() && format != "custom")
        return invalid_setting("db.format", format, "is neither 'custom' nor 'plain'");
    BKT_LET(s.parallel, parallel_of(call.config("parallel")));
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
