#include "plugins/engines/mysql/server.hpp"

#include <algorithm>
#include <charconv>

#include "plugins/engines/mysql/failure.hpp"

namespace bkt::mysql {
namespace {

// Each row begins with what it is about. A server or login that refuses one of the questions leaves it
// unanswered, which is an answer too.
constexpr const char* kAsk = R"sql(
SET @account = CURRENT_USER();
SET @host = SUBSTRING_INDEX(@account, '@', -1);
SET @grantee = CONCAT('''', LEFT(@account, CHAR_LENGTH(@account) - CHAR_LENGTH(@host) - 1), '''@''', @host, '''');
SELECT 'server', VERSION(), @account;
SELECT 'global', PRIVILEGE_TYPE FROM information_schema.USER_PRIVILEGES
  WHERE GRANTEE = @grantee AND PRIVILEGE_TYPE IN ('SELECT', 'TRIGGER', 'RELOAD', 'FLUSH_TABLES');
SELECT 'role', CURRENT_ROLE();
SELECT 'accounts', COUNT(*) FROM mysql.user;
SELECT 'database', SCHEMA_NAME FROM information_schema.SCHEMATA ORDER BY SCHEMA_NAME;
SELECT 'triggers', s.SCHEMA_NAME FROM information_schema.SCHEMATA s
  JOIN information_schema.SCHEMA_PRIVILEGES p ON s.SCHEMA_NAME LIKE p.TABLE_SCHEMA
  WHERE p.GRANTEE = @grantee AND p.PRIVILEGE_TYPE = 'TRIGGER';
SELECT 'size', TABLE_SCHEMA, SUM(COALESCE(DATA_LENGTH, 0)),
    SUM(ENGINE IS NOT NULL AND ENGINE NOT IN ('InnoDB', 'ROCKSDB', 'TokuDB', 'BLACKHOLE'))
  FROM information_schema.TABLES WHERE TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')
    AND TABLE_SCHEMA NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys')
  GROUP BY TABLE_SCHEMA;
)sql";

constexpr std::size_t kListedNames = 20;

std::uint64_t number(const std::string& text) {
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

Database* find_in(std::vector<Database>& databases, const std::string& name) {
    for (auto& d : databases)
        if (d.name == name) return &d;
    return nullptr;
}

void learn(Server& server, const Row& row) {
    const std::string& about = row.front();
    const std::string& value = row[1];
    if (about == "server" && row.size() == 3) {
        server.version = value;
        server.mariadb = value.find("MariaDB") != value.npos;
        server.account = row[2];
    } else if (about == "global") {
        server.selects_all = server.selects_all || value == "SELECT";
        server.shows_all_triggers = server.shows_all_triggers || value == "TRIGGER";
        server.may_lock = server.may_lock || value == "RELOAD" || value == "FLUSH_TABLES";
    } else if (about == "role") {
        server.has_role = value != "NULL" && value != "NONE";
    } else if (about == "accounts") {
        server.reads_accounts = true;
    } else if (about == "database") {
        server.told_databases = server.told_databases || value == "information_schema";
        // A folder in the data folder that is no database, such as lost+found.
        if (!is_system_database(value) && !value.starts_with("#mysql50#"))
            server.databases.push_back({value});
    } else if (about == "triggers") {
        if (auto* d = find_in(server.databases, value)) d->shows_triggers = true;
    } else if (about == "size" && row.size() == 4) {
        if (auto* d = find_in(server.databases, value)) {
            d->size_bytes = number(row[2]);
            d->tables_without_state = number(row[3]);
        }
    }
}

}  // namespace

Result<Server> Server::ask(const Tools& tools) {
    BKT_LET(const auto rows, tools.query(kAsk, OnError::go_on));
    Server server;
    for (const auto& row : rows)
        if (row.size() >= 2) learn(server, row);
    if (server.version.empty())
        return Error{Code::failed, "the server does not say what it is",
                     "look into the container's log"};
    return server;
}

const Database* Server::find(std::string_view name) const {
    for (const auto& d : databases)
        if (d.name == name) return &d;
    return nullptr;
}

std::string listed(const std::vector<std::string>& names) {
    std::string list;
    for (std::size_t i = 0; i < std::min(names.size(), kListedNames); ++i)
        list += (i ? ", '" : "'") + names[i] + "'";
    return names.size() > kListedNames ? list + ", ..." : list;
}

bool surely_lacks(const Server& server, std::string_view name) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
    // Which letters are one to the server, lower_case_table_names and its character set say.
    if (!server.told_databases || !server.selects_all || is_system_database(name) ||
        !std::all_of(name.begin(), name.end(), is_ascii))
        return false;
    return std::none_of(server.databases.begin(), server.databases.end(), [&](const auto& d) {
        return std::equal(name.begin(), name.end(), d.name.begin(), d.name.end(),
                          [&](char a, char b) { return lower(a) == lower(b); });
    });
}

Result<std::vector<Database>> chosen_databases(const Server& server, const Settings& settings) {
    if (settings.all_databases) return server.databases;
    std::vector<Database> chosen;
    for (const auto& name : settings.databases) {
        const Database* found = server.find(name);
        if (!found) {
            std::vector<std::string> seen;
            for (const auto& d : server.databases) seen.push_back(d.name);
            const std::string there = listed(seen);
            return Error{Code::not_found,
                         "there is no database '" + name + "' this login may see; it sees " +
                             (there.empty() ? "none" : there),
                         "correct 'db.name', or set it to '*' for all databases"};
        }
        chosen.push_back(*found);
    }
    return chosen;
}

Status check_sees_all(const Tools& tools, const Server& server, const Database& database) {
    const std::string who = "login '" + server.account + "' ";
    if (!server.selects_all) {
        // Rights are looked at before existence: "no such table" is said to whom may read all tables.
        BKT_LET(const ExecResult r, tools.script("SELECT 1 FROM " + identifier(database.name) +
                                                 ".`baktainer: is there such a table?`;\n"));
        const auto errors = error_lines(r.stderr_tail);
        const int said = errors.empty() ? 0 : error_number(errors.front());
        constexpr int kTableDenied = 1142, kDatabaseDenied = 1044, kNoSuchTable = 1146;
        if (said == kTableDenied || said == kDatabaseDenied)
            return Error{Code::denied,
                         who + "may not read every table of database '" + database.name +
                             "': the rest would be missing",
                         "grant it SELECT, SHOW VIEW, TRIGGER, EVENT and LOCK TABLES on the "
                         "database, or use root"};
        if (said != kNoSuchTable) BKT_TRY(succeeded(tools.client_name(), r));
    }
    const bool triggers = server.shows_all_triggers || database.shows_triggers || server.has_role;
    if (!triggers)
        return Error{Code::denied,
                     who + "may not see the triggers of database '" + database.name +
                         "': they would be missing",
                     "grant it TRIGGER on the database, or use root"};
    return {};
}

Result<std::vector<std::string>> databases_with_views(const Tools& tools) {
    BKT_LET(const auto rows,
            tools.query("SELECT DISTINCT TABLE_SCHEMA FROM information_schema.TABLES WHERE "
                        "TABLE_TYPE = 'VIEW';\n"));
    std::vector<std::string> names;
    for (const auto& row : rows) names.push_back(row.front());
    return names;
}

Result<bool> is_empty(const Tools& tools, const std::string& database) {
    const std::string name = literal(database);
    BKT_LET(
        const auto rows,
        tools.query(
            "SELECT (SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = " + name +
            ") + (SELECT COUNT(*) FROM information_schema.ROUTINES WHERE "
            "ROUTINE_SCHEMA = " +
            name +
            ") + (SELECT COUNT(*) FROM information_schema.EVENTS WHERE "
            "EVENT_SCHEMA = " +
            name + ");\n"));
    return rows.size() == 1 && rows.front() == Row{"0"};
}

Result<Position> ask_position(const Tools& tools, const Server& server) {
    const char* sql = server.mariadb
                          ? "SELECT 'gtid', @@GLOBAL.gtid_current_pos;\nSHOW MASTER STATUS;\n"
                          // The one command is gone since 8.4, the other is there since 8.2.
                          : "SELECT 'gtid', @@GLOBAL.gtid_executed;\nSHOW BINARY LOG STATUS;\nSHOW "
                            "MASTER STATUS;\n";
    BKT_LET(const auto rows, tools.query(sql, OnError::go_on));
    Position position;
    for (const auto& row : rows) {
        if (row.size() < 2) continue;
        if (row.front() != "gtid") {
            position.binlog = row[0] + ":" + row[1];
            continue;
        }
        position.gtid = row[1];
        std::erase(position.gtid, '\n');
        if (position.gtid == "NULL") position.gtid.clear();
    }
    return position;
}

}  // namespace bkt::mysql
