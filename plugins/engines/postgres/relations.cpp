#include "plugins/engines/postgres/relations.hpp"
namespace bkt::postgres {
namespace {

constexpr const char* kAboutQuery =
    "SELECT pg_catalog.pg_encoding_to_char(d.encoding),"
    " pg_catalog.current_setting('max_locks_per_transaction')::bigint"
    "   * (pg_catalog.current_setting('max_connections')::bigint"
    "      + pg_catalog.current_setting('max_prepared_transactions')::bigint)"
    " FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()";

constexpr const char* kSchemasQuery =
    "SELECT nspname FROM pg_catalog.pg_namespace n"
    " WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
    " AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d"
    " WHERE d.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND d.objid = n.oid"
    " AND d.deptype = 'e') ORDER BY 1";

// A table that goes while it is being measured measures NULL.
const std::string kRelationsQuery =
    "SELECT n.nspname, c.relname, c.relkind,"
    " CASE WHEN c.relkind = 'r' THEN COALESCE(pg_catalog.pg_table_size(c.oid), 0) ELSE 0 END"
    " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't' AND " +
    std::string(kIsUsers) + " ORDER BY 1, 2";

constexpr const char* kNeedsQuery = R"sql(
SELECT an.nspname, a.relname, bn.nspname, b.relname
FROM (SELECT conrelid AS needs, confrelid AS what FROM pg_catalog.pg_constraint WHERE contype = 'f'
      UNION
      SELECT inhrelid, inhparent FROM pg_catalog.pg_inherits
      UNION
      SELECT r.ev_class, d.refobjid FROM pg_catalog.pg_depend d
      JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid
      WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
        AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
        AND r.ev_class <> d.refobjid) AS edges
JOIN pg_catalog.pg_class a ON a.oid = needs JOIN pg_catalog.pg_namespace an ON an.oid = a.relnamespace
JOIN pg_catalog.pg_class b ON b.oid = what JOIN pg_catalog.pg_namespace bn ON bn.oid = b.relnamespace
WHERE an.nspname !~ '^pg_' AND an.nspname <> 'information_schema'
  AND bn.nspname !~ '^pg_' AND bn.nspname <> 'information_schema'
ORDER BY 1, 2, 3, 4
)sql";

}  // namespace

std::string sql_identifier(std::string_view name) {
    std::string text = "\"";
    for (const char c : name) {
        if (c == '"') text += '"';
        text += c;
    }
    return text + "\"";
}

std::string quoted(const Relation& relation) {
    return sql_identifier(relation.schema) + "." + sql_identifier(relation.name);
}

Result<Relations> Relations::ask(const Tools& tools, const std::string& database) {
    Relations r;
    BKT_LET(const auto about, tools.query(database, kAboutQuery));
    if (about.size() != 2) return Error{Code::bug, "psql answered otherwise than asked"};
    r.utf8 = about[0] == "UTF8";
    r.lock_slots = number<std::uint64_t>(about[1]);
    BKT_LET(r.schemas, tools.query(database, kSchemasQuery));
    BKT_LET(const auto rows, tools.query(database, kRelationsQuery));
    for (std::size_t i = 0; i + 3 < rows.size(); i += 4)
        r.all.push_back({rows[i], rows[i + 1], rows[i + 2].empty() ? 'r' : rows[i + 2].front(),
                         number<std::uint64_t>(rows[i + 3])});
    BKT_LET(const auto edges, tools.query(database, kNeedsQuery));
    for (std::size_t i = 0; i + 3 < edges.size(); i += 4)
        r.needs.push_back({{edges[i], edges[i + 1]}, {edges[i + 2], edges[i + 3]}});
    return r;
}

}  // namespace bkt::postgres
