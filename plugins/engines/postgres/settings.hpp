// settings.hpp: what a job says about its server, checked, and the only way these texts reach a tool.
//
// They come from labels. Each becomes the value of one "--option=value" word, never a word of its own;
// a database name is wrapped as a connection string, because libpq would read "a=b" or "postgres://x" as
// one. What PostgreSQL cannot have anyway (NUL, line breaks, over-long names) is refused.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "baktainer/call.hpp"

namespace bkt::postgres {

// NAMEDATALEN - 1: longer names cannot exist, and the server would cut them silently.
inline constexpr std::size_t kMaxNameBytes = 63;
inline constexpr std::size_t kMaxDatabases = 10'000;

enum class Format { custom, plain };

struct Settings {
    std::string user;
    std::string host;  // empty = the socket inside the container
    std::string port;  // empty = the tool's default
    std::vector<std::string> databases;
    bool all_databases = false;
    Format format = Format::custom;
    std::size_t parallel = 1;  // dump processes at once; 0 = as suits

    // From the instance's config. Code::invalid names the key.
    static Result<Settings> load(const Call& call);

    // "--username=..." and so on, "--no-password" last.
    std::vector<std::string> connection_options() const;
};

// Code::invalid, naming `key`, unless `name` can be a database's or role's name.
Status check_name(std::string_view key, std::string_view name);

// "dbname='...'" with what libpq wants escaped.
std::string connection_string(std::string_view database);

}  // namespace bkt::postgres
