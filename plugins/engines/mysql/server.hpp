// server.hpp: what a server says of itself, its databases and the login's rights.
#pragma once

#include "plugins/engines/mysql/tools.hpp"

namespace bkt::mysql {

struct Database {
    std::string name;
    std::uint64_t size_bytes = 0;  // of its tables' data; 0 = not to be known by this login
    std::uint64_t tables_without_state = 0;  // of engines without transactions: MyISAM, Aria, ...
    bool shows_triggers = false;             // to this login, by a right on the database
};

struct Server {
    std::string version;  // "9.7.4-2", "10.11.19-MariaDB-0+deb12u1"
    bool mariadb = false;
    std::string account;  // who the server takes the login for: "root@localhost"
    bool selects_all = false, shows_all_triggers = false;
    bool has_role = false;  // rights may come by a role, which the tables of rights do not tell
    bool may_lock = false;  // FLUSH TABLES WITH READ LOCK
    bool reads_accounts = false;      // may read mysql.user
    bool told_databases = false;      // it answered which there are
    std::vector<Database> databases;  // of users, by name

    // Code::unavailable, Code::denied as the tools say.
    static Result<Server> ask(const Tools& tools);
    const Database* find(std::string_view name) const;
};

// "'a', 'b', ...": the first twenty, quoted, for a message.
std::string listed(const std::vector<std::string>& names);

// Whether it is sure that no database is called so, in capitals or not: the login sees all of them.
bool surely_lacks(const Server& server, std::string_view name);

// The databases the settings ask for. Code::not_found lists those that exist.
Result<std::vector<Database>> chosen_databases(const Server& server, const Settings& settings);

// Code::denied unless the login sees every table and trigger of `database`: the dump tool takes what a
// login may not see for not being there.
Status check_sees_all(const Tools& tools, const Server& server, const Database& database);

// Those that have views.
Result<std::vector<std::string>> databases_with_views(const Tools& tools);

// Tables, views, routines and events of a database.
Result<bool> is_empty(const Tools& tools, const std::string& database);

// Where the server's binary log stands; empty where there is none or the login may not know.
struct Position {
    std::string gtid, binlog;  // "uuid:1-6" or "0-1-42"; "binlog.000002:157"
};
Result<Position> ask_position(const Tools& tools, const Server& server);

}  // namespace bkt::mysql
