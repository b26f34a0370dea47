#include "plugins/engines/postgres/relations.hpp"

#include <algorithm>

namespace bkt::postgres {
namespace {

// Each row begins with what it is of.
constexpr std::ptrdiff_t kRowFields = 5;

constexpr const char* kAboutQuery =
    "SELECT 'about', pg_catalog.pg_encoding_to_char(d.encoding),"
    " pg_catalog.current_setting('max_locks_per_transaction')::bigint"
    "   * (pg_catalog.current_setting('max_connections')::bigint"
    "      + pg_catalog.current_setting('max_prepared_transactions')::bigint), '', ''"
    " FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()";

constexpr const char* kSchemasQuery =
    "SELECT 'schema', nspname, '', '', '' FROM pg_catalog.pg_namespace n"
    " WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
    " AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d"
    " WHERE d.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND d.objid = n.oid"
    " AND d.deptype = 'e') ORDER BY nspname";

// A table that goes while it is being measured measures NULL.
const std::string kRelationsQuery =
    "SELECT 'relation', n.nspname, c.relname, c.relkind,"
    " CASE WHEN c.relkind = 'r' THEN COALESCE(pg_catalog.pg_table_size(c.oid), 0) ELSE 0 END"
    " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't' AND " +
    std::string(kIsUsers) + " ORDER BY 2, 3";

constexpr const char* kNeedsQuery = R"sql(
SELECT 'needs', an.nspname, a.relname, bn.nspname, b.relname
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
ORDER BY 2, 3, 4, 5
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
    BKT_LET(const auto rows,
            tools.queries(database, {kAboutQuery, kSchemasQuery, kRelationsQuery, kNeedsQuery}));
    const Error unasked{Code::bug, "psql answered otherwise than asked"};
    if (rows.size() % kRowFields != 0) return unasked;
    bool is_about = false;
    for (auto row = rows.begin(); row != rows.end(); row += kRowFields) {
        const auto what = row->substr(std::min(row->find_first_not_of('\n'), row->size()));
        if (what == "about") {
            is_about = true;
            r.utf8 = row[1] == "UTF8";
            r.lock_slots = number<std::uint64_t>(row[2]);
        } else if (what == "schema") {
            r.schemas.push_back(row[1]);
        } else if (what == "relation") {
            r.all.push_back({row[1], row[2], row[3].empty() ? 'r' : row[3].front(),
                             number<std::uint64_t>(row[4])});
        } else if (what == "needs") {
            r.needs.push_back({{row[1], row[2]}, {row[3], row[4]}});
        } else {
            return unasked;
        }
    }
    if (!is_about) return unasked;
    return r;
}

}  // namespace bkt::postgres
