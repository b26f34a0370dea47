#include "plugins/engines/mysql/tables_there.hpp"

#include "plugins/engines/mysql/failure.hpp"

namespace bkt::mysql {

Result<TablesThere> TablesThere::ask(const Tools& tools, const std::string& database) {
    const std::string name = literal(database);
    BKT_LET(
        const auto rows,
        tools.query("SELECT 'table', TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA "
                    "= " +
                    name +
                    " AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') ORDER BY TABLE_NAME;\n"
                    "SELECT 'trigger', TRIGGER_NAME FROM information_schema.TRIGGERS WHERE "
                    "EVENT_OBJECT_SCHEMA = " +
                    name + " AND EVENT_MANIPULATION = 'INSERT' LIMIT 1;\n"));
    TablesThere there{database, {}, {}};
    for (const auto& row : rows) {
        if (row.size() != 2) continue;
        if (row[0] == "table") there.tables.push_back(row[1]);
        else there.insert_trigger = row[1];
    }
    return there;
}

Result<std::optional<std::string>> TablesThere::first_with_rows(const Tools& tools) const {
    std::string sql;
    for (const auto& table : tables)
        sql += "SELECT " + literal(table) + " FROM " + identifier(database) + "." +
               identifier(table) + " LIMIT 1;\n";
    if (sql.empty()) return std::optional<std::string>();
    BKT_LET(const auto rows, tools.query(sql));
    if (rows.empty()) return std::optional<std::string>();
    return std::optional(rows.front().front());
}

Status TablesThere::remove_rows(const Tools& tools) const {
    std::string sql = "SET FOREIGN_KEY_CHECKS = 0;\n";
    for (const auto& table : tables)
        sql += "TRUNCATE TABLE " + identifier(database) + "." + identifier(table) + ";\n";
    BKT_LET(const ExecResult r, tools.script(sql));
    return succeeded(tools.client_name(), r);
}

}  // namespace bkt::mysql
