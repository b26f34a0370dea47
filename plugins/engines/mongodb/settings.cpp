#include "plugins/engines/mongodb/settings.hpp"

#include <algorithm>

#include "baktainer/setting_text.hpp"

namespace bkt::mongodb {
namespace {

constexpr std::size_t kMaxHostBytes = 255;
constexpr std::size_t kMaxUserBytes = 256;
constexpr std::size_t kMaxCollectionBytes = 255;

Result<Pattern> pattern_of(std::string_view key, const std::string& text, const Settings& s) {
    Pattern p;
    p.collection = text;
    // A collection's name may hold dots, a database's may not.
    if (const auto dot = text.find('.'); dot != text.npos) {
        const std::string database = text.substr(0, dot);
        if (std::count(s.databases.begin(), s.databases.end(), database)) {
            p.database = database;
            p.collection = text.substr(dot + 1);
        }
    }
    if (p.collection.ends_with('*')) {
        p.prefix = true;
        p.collection.pop_back();
    }
    if (p.collection.empty() || p.collection.size() > kMaxCollectionBytes ||
        has_control(p.collection) || p.collection.find('$') != std::string::npos)
        return invalid_setting(key, text, "names no collection");
    if (p.collection.find_first_of("*?[") != std::string::npos)
        return Error{Code::unsupported,
                     "'" + std::string(key) + "' is '" + shown(text) +
                         "', and mongodump knows no pattern but a '*' at the end",
                     "name the collections one by one"};
    return p;
}

Status load_patterns(const Call& call, Settings& s) {
    for (const char* key : {"db.include", "db.exclude"}) {
        auto& into = std::string_view(key) == "db.include" ? s.include : s.exclude;
        for (const auto& text : words_of(call.config(key))) {
            BKT_LET(auto p, pattern_of(key, text, s));
            into.push_back(std::move(p));
        }
        if (!into.empty() && s.all_databases())
            return Error{
                Code::unsupported,
                "mongodump cannot choose collections while it dumps all databases",
                "name the databases in 'db.name', or leave out '" + std::string(key) + "'"};
    }
    for (const auto& database : s.databases) {
        const auto mine = [&](const Pattern& p) {
            return p.database.empty() || p.database == database;
        };
        if (s.include.empty()) continue;
        const auto wanted = std::count_if(s.include.begin(), s.include.end(), mine);
        if (wanted != 1 || s.include.front().prefix || !s.exclude.empty())
            return Error{Code::unsupported,
                         "mongodump takes all collections of a database or exactly one, not "
                         "several or by a pattern",
                         "name what is to be left out in 'db.exclude' instead of 'db.include'"};
        if (std::any_of(s.include.begin(), s.include.end(),
                        [&](const Pattern& p) { return mine(p) && p.prefix; }))
            return Error{Code::unsupported, "mongodump includes no collections by a pattern",
                         "name what is to be left out in 'db.exclude'"};
    }
    return {};
}

Status check_host(std::string_view host) {
    constexpr std::string_view kAllowed =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]";
    if (host.empty() || host.size() > kMaxHostBytes ||
        host.find_first_not_of(kAllowed) != host.npos || host.front() == '-')
        return invalid_setting("db.host", host, "is no host name or address");
    return {};
}

}  // namespace

Status check_name(std::string_view key, std::string_view name) {
    if (name.empty()) return invalid_setting(key, name, "is empty");
    if (name.size() > kMaxNameBytes)
        return invalid_setting(
            key, name, "is longer than MongoDB's " + std::to_string(kMaxNameBytes) + " bytes");
    if (has_control(name) || name.find_first_of("/\\. \"$") != name.npos)
        return invalid_setting(key, name, "MongoDB allows for no database");
    return {};
}

Result<Settings> Settings::load(const Call& call) {
    Settings s;
    s.user = call.config("db.user");
    if (s.user.size() > kMaxUserBytes || has_control(s.user))
        return invalid_setting("db.user", s.user, "is no user's name");
    s.host = call.config("db.host");
    if (s.host.empty()) s.host = "127.0.0.1";
    BKT_TRY(check_host(s.host));
    s.port = call.config("db.port");
    if (s.port.empty()) s.port = "27017";
    BKT_TRY(check_port(s.port));
    s.auth_db = call.config("db.auth-db");
    if (s.auth_db.empty()) s.auth_db = "admin";
    if (s.auth_db != "$external") BKT_TRY(check_name("db.auth-db", s.auth_db));
    BKT_LET(s.databases, database_names(call.config("db.name"), kMaxDatabases, check_name));
    BKT_TRY(load_patterns(call, s));
    s.on_this_machine = call.config("mode") == "remote";
    if (const auto oplog = call.config("db.oplog"); !oplog.empty()) s.oplog = oplog == "true";
    if (s.oplog.value_or(false) && !s.all_databases())
        return Error{Code::unsupported, "mongodump takes the oplog only with all databases",
                     "leave out 'db.oplog', or set 'db.name' to '*'"};
    return s;
}

std::string Settings::uri() const {
    return "mongodb://" + host + ":" + port +
           "/?serverSelectionTimeoutMS=" + std::to_string(kServerSelectionMs) +
           "&connectTimeoutMS=" + std::to_string(kServerSelectionMs) +
           // The members of a replica set know each other by names that mean nothing here.
           (on_this_machine ? "&directConnection=true" : "");
}

std::vector<std::string> Settings::connection_options() const {
    std::vector<std::string> options{"--uri=" + uri()};
    if (user.empty()) return options;
    options.push_back("--username=" + user);
    options.push_back("--authenticationDatabase=" + auth_db);
    return options;
}

std::vector<std::string> Settings::selection_options(const std::string& database) const {
    std::vector<std::string> options{"--db=" + database};
    const auto mine = [&](const Pattern& p) {
        return p.database.empty() || p.database == database;
    };
    for (const auto& p : include)
        if (mine(p)) options.push_back("--collection=" + p.collection);
    for (const auto& p : exclude)
        if (mine(p))
            options.push_back(
                (p.prefix ? "--excludeCollectionsWithPrefix=" : "--excludeCollection=") +
                p.collection);
    return options;
}

// In YAML's double quotes, where nothing but these has a meaning.
std::string password_config(std::string_view password) {
    static constexpr char kHex[] = "0123456789ABCDEF";
    std::string text = "password: \"";
    text.reserve(4 * password.size() + 16);  // one buffer, so that one wiping reaches all of it
    for (const char c : password) {
        const auto u = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') (text += '\\') += c;
        else if (u < 0x20 || u == 0x7f) ((text += "\\x") += kHex[u >> 4]) += kHex[u & 15];
        else text += c;
    }
    return text += "\"\n";
}

}  // namespace bkt::mongodb
