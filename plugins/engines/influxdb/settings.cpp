#include "plugins/engines/influxdb/settings.hpp"

#include "baktainer/setting_text.hpp"

namespace bkt::influxdb {
namespace {

constexpr std::size_t kMaxDatabases = 10'000;
constexpr std::size_t kMaxNameBytes = 255;  // each database is a folder of its name

}  // namespace

Status check_name(std::string_view key, std::string_view name) {
    if (name.empty()) return invalid_setting(key, name, "is empty");
    if (name.size() > kMaxNameBytes || has_control(name))
        return invalid_setting(key, name, "is too long or holds a control character");
    if (name == "." || name == ".." || name.find('/') != name.npos)
        return invalid_setting(key, name, "cannot be a folder's name, as InfluxDB wants it");
    return {};
}

Status check_bucket(std::string_view key, std::string_view name) {
    if (name.empty()) return invalid_setting(key, name, "is empty");
    if (name.size() > kMaxNameBytes || has_control(name) || name.find('"') != name.npos)
        return invalid_setting(key, name, "is too long or holds what no bucket's name may");
    if (name.front() == '_') return invalid_setting(key, name, "is a bucket of the server's own");
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

Result<Settings> Settings::load_connection(const Call& call) {
    Settings s;
    s.user = call.config("db.user");
    if (has_control(s.user)) return invalid_setting("db.user", s.user, "holds a control character");
    s.host = call.config("db.host");
    if (has_control(s.host)) return invalid_setting("db.host", s.host, "holds a control character");
    s.port = call.config("db.port");
    if (!s.port.empty()) BKT_TRY(check_port(s.port));
    return s;
}

Result<Settings> Settings::load(const Call& call) {
    BKT_LET(Settings s, load_connection(call));
    s.org = call.config("db.org");
    if (has_control(s.org)) return invalid_setting("db.org", s.org, "holds a control character");
    const auto check = call.config("mode") == "remote" ? check_bucket : check_name;
    BKT_LET(s.databases, database_names(call.config("db.name"), kMaxDatabases, check));
    return s;
}

}  // namespace bkt::influxdb
