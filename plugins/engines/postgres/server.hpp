// server.hpp: what a server says of itself and its databases.
#pragma once

#include "plugins/engines/postgres/tools.hpp"

namespace bkt::postgres {

struct Database {
    std::string name;
    std::uint64_t size_bytes = 0;  // 0 = not to be known by this role
    bool has_subscriptions = false;
    bool operator==(const Database&) const = default;
};

struct Server {
    std::string version;     // "15.20 (Debian ...)"
    int version_number = 0;  // 150020
    bool superuser = false;
    bool reads_all_data = false;
    bool reads_passwords = false;     // may read pg_authid
    bool may_have_timescale = false;  // else no database of it can have TimescaleDB
    std::vector<Database> databases;  // connectable, no templates, by name

    // Code::unavailable, Code::denied as the tools say.
    static Result<Server> ask(const Tools& tools);
    const Database* find(std::string_view name) const;
};

// "postgres", or "template1" where there is none.
Result<std::string> maintenance_database(const Tools& tools);

// Those of the settings that no database has as its name, connectable or not.
Result<std::vector<std::string>> gone_databases(const Tools& tools);

// The databases the settings ask for. Code::not_found lists those that exist.
Result<std::vector<Database>> chosen_databases(const Server& server, const Settings& settings);

}  // namespace bkt::postgres
