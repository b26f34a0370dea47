// settings.hpp: what a job says about its server, checked, and the only way these texts reach a tool.
//
// They come from labels. Each becomes the value of one "--option=value" word; a database's name stands
// behind "--", where a tool reads no options any more, or quoted in SQL on stdin. What MySQL cannot have
// anyway (NUL, line breaks, over-long names) is refused.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "baktainer/call.hpp"

namespace bkt::mysql {

// Identifiers have at most 64 characters, each of at most four bytes here.
inline constexpr std::size_t kMaxNameCharacters = 64;
inline constexpr std::size_t kMaxDatabases = 4'000;  // a backup holds at most 4096 parts

struct Settings {
    std::string user;
    std::string host;  // empty = the socket inside the container
    std::string port;  // empty = the tool's default
    std::vector<std::string> databases;
    bool all_databases = false;
    std::size_t parallel = 1;      // dump tools at once; 0 = as suits
    bool on_this_machine = false;  // the tools: mode 'remote'

    // From the instance's config. Code::invalid names the key.
    static Result<Settings> load(const Call& call);

    // "--user=..." and so on. A host is always named: MYSQL_HOST of a container's environment means an
    // application's server.
    std::vector<std::string> connection_options() const;
};

// Code::invalid, naming `key`, unless `name` can be a user's database.
Status check_name(std::string_view key, std::string_view name);
// information_schema, mysql, performance_schema, sys.
bool is_system_database(std::string_view name);

// `name` with what SQL wants doubled.
std::string identifier(std::string_view name);
// 'text', for a session whose sql_mode is ''.
std::string literal(std::string_view text);

}  // namespace bkt::mysql
