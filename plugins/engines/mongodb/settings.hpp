// settings.hpp: what a job says about its server, checked, and the only way these texts reach a tool.
//
// They come from labels. Each becomes the value of one "--option=value" word; where the server is goes into a
// URI, whose parts are checked to hold nothing a URI reads. No password is ever part of it: the tools print
// a URI when they fail.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "baktainer/call.hpp"

namespace bkt::mongodb {

inline constexpr std::size_t kMaxNameBytes = 63;
inline constexpr std::size_t kMaxDatabases = 1000;
inline constexpr int kServerSelectionMs = 10'000;

// "shop.sessions", "sessions" (of every database named) or "shop.cache_*".
struct Pattern {
    std::string database;  // empty = every one
    std::string collection;
    bool prefix = false;
};

struct Settings {
    std::string user;  // empty = no login
    std::string host, port, auth_db;
    std::vector<std::string> databases;  // empty = all
    std::vector<Pattern> include, exclude;
    std::optional<bool> oplog;     // nullopt = where the server allows it
    bool on_this_machine = false;  // the tools: mode 'remote'

    // From the instance's config. Code::invalid names the key, Code::unsupported what mongodump cannot do.
    static Result<Settings> load(const Call& call);

    bool all_databases() const { return databases.empty(); }
    std::string uri() const;
    // "--uri=...", and the user's, without a password.
    std::vector<std::string> connection_options() const;
    // What of `database` is wanted, as mongodump's options.
    std::vector<std::string> selection_options(const std::string& database) const;
    bool selects_everything() const { return include.empty() && exclude.empty(); }
};

// Code::invalid, naming `key`, unless `name` can be a database's name.
Status check_name(std::string_view key, std::string_view name);

// `{password: ...}` as a configuration file of the tools.
std::string password_config(std::string_view password);

}  // namespace bkt::mongodb
