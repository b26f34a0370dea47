#include "plugins/engines/postgres/server.hpp"

namespace bkt::postgres {
namespace {

// One row of each connectable database that is no template, or one without. Each begins with the server's own words:
// asking once costs less than saying it twice. The size of a database one may not connect to is not to be asked for.
constexpr const char* kQuery =
    "SELECT pg_catalog.current_setting('server_version'),"
    " pg_catalog.current_setting('server_version_num'),"
    " (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user),"
    " EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = 'pg_read_all_data'"
    "   AND pg_catalog.pg_has_role(current_user, oid, 'MEMBER')),"
    " pg_catalog.has_table_privilege('pg_catalog.pg_authid', 'SELECT'),"
    // TimescaleDB works only where it is loaded from the start; who may not know that is told nothing.
    " COALESCE((SELECT setting LIKE '%timescaledb%' FROM pg_catalog.pg_settings"
    "   WHERE name = 'shared_preload_libraries'), true),"
    " datname, CASE WHEN pg_catalog.has_database_privilege(d.oid, 'CONNECT')"
    " THEN pg_catalog.pg_database_size(d.oid) ELSE 0 END,"
    " EXISTS (SELECT 1 FROM pg_catalog.pg_subscription s WHERE s.subdbid = d.oid)"
    " FROM (SELECT 1) AS server LEFT JOIN pg_catalog.pg_database d"
    " ON datallowconn AND NOT datistemplate ORDER BY datname";
constexpr std::size_t kFields = 9;

constexpr std::size_t kListedNames = 20;

bool lacks_postgres(const Error& error) {
    return error.code == Code::not_found &&
           error.message.find("database \"postgres\"") != std::string::npos;
}

Result<std::vector<std::string>> ask_server(const Tools& tools, const std::string& sql) {
    auto asked = tools.query("postgres", sql);
    return !asked && lacks_postgres(asked.error()) ? tools.query("template1", sql)
                                                   : std::move(asked);
}

}  // namespace

Result<std::string> maintenance_database(const Tools& tools) {
    auto asked = tools.query("postgres", "SELECT 1");
    if (asked) return std::string("postgres");
    if (!lacks_postgres(asked.error())) return std::move(asked).error();
    return std::string("template1");
}

Result<Server> Server::ask(const Tools& tools) {
    BKT_LET(const auto about, ask_server(tools, kQuery));
    if (about.empty() || about.size() % kFields != 0)
        return Error{Code::bug, "psql answered otherwise than asked"};
    Server server;
    server.version = about[0];
    server.version_number = number<int>(about[1]);
    server.superuser = about[2] == "t";
    server.reads_all_data = server.superuser || about[3] == "t";
    server.reads_passwords = about[4] == "t";
    server.may_have_timescale = about[5] == "t";
    for (std::size_t i = 6; i < about.size(); i += kFields)
        if (!about[i].empty())
            server.databases.push_back(
                {about[i], number<std::uint64_t>(about[i + 1]), about[i + 2] == "t"});
    return server;
}

const Database* Server::find(std::string_view name) const {
    for (const auto& d : databases)
        if (d.name == name) return &d;
    return nullptr;
}

Result<std::vector<std::string>> gone_databases(const Tools& tools) {
    BKT_LET(const auto all, ask_server(tools, "SELECT datname FROM pg_catalog.pg_database"));
    std::vector<std::string> gone;
    for (const auto& name : tools.settings().databases)
        if (std::find(all.begin(), all.end(), name) == all.end()) gone.push_back(name);
    return gone;
}

Result<std::vector<Database>> chosen_databases(const Server& server, const Settings& settings) {
    if (settings.all_databases) return server.databases;
    std::vector<Database> chosen;
    for (const auto& name : settings.databases) {
        const Database* found = server.find(name);
        if (!found) {
            std::string there;
            for (std::size_t i = 0; i < std::min(server.databases.size(), kListedNames); ++i)
                there += (i ? ", '" : "'") + server.databases[i].name + "'";
            return Error{Code::not_found,
                         "there is no database '" + name + "'; the server has " +
                             (there.empty() ? "none" : there),
                         "correct 'db.name', or set it to '*' for all databases"};
        }
        chosen.push_back(*found);
    }
    return chosen;
}

}  // namespace bkt::postgres
