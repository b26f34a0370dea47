#include "plugins/engines/postgres/contents.hpp"

#include "plugins/engines/postgres/relations.hpp"

namespace bkt::postgres {
namespace {

// What an extension brought is nobody's data: images make some in each new database. Row types, arrays and
// multiranges go with what they are made of.
constexpr const char* kIsEmptyQuery = R"sql(
WITH brought AS (SELECT classid, objid FROM pg_catalog.pg_depend WHERE deptype = 'e')
SELECT NOT EXISTS (SELECT 1 FROM pg_catalog.pg_largeobject_metadata)
   AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_namespace n
                   WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'public')
                     AND ('pg_catalog.pg_namespace'::pg_catalog.regclass, n.oid)
                         NOT IN (SELECT * FROM brought))
   AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_namespace n
                   JOIN (SELECT relnamespace, 'pg_catalog.pg_class'::pg_catalog.regclass, oid
                         FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
                         UNION ALL
                         SELECT pronamespace, 'pg_catalog.pg_proc'::pg_catalog.regclass, oid
                         FROM pg_catalog.pg_proc
                         UNION ALL
                         SELECT typnamespace, 'pg_catalog.pg_type'::pg_catalog.regclass, oid
                         FROM pg_catalog.pg_type
                         WHERE NOT (typtype = 'b' AND typcategory = 'A') AND typtype <> 'm'
                           AND (typrelid = 0 OR typrelid IN (SELECT oid FROM pg_catalog.pg_class
                                                             WHERE relkind = 'c')))
                        AS here(namespace, kind, object) ON here.namespace = n.oid
                   WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
                     AND (here.kind, here.object) NOT IN (SELECT * FROM brought))
)sql";

const std::string kFilledTableQuery =
    "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)"
    " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind = 'r' AND pg_catalog.pg_relation_size(c.oid) > 0 AND " +
    std::string(kIsUsers) + " ORDER BY 1 LIMIT 1";

}  // namespace

Result<bool> is_empty(const Tools& tools, const std::string& database) {
    BKT_LET(const auto answer, tools.query(database, kIsEmptyQuery));
    return !answer.empty() && answer.front() == "t";
}

Result<std::optional<std::string>> filled_table(const Tools& tools, const std::string& database) {
    BKT_LET(const auto filled, tools.query(database, kFilledTableQuery));
    return filled.empty() ? std::optional<std::string>() : filled.front();
}

}  // namespace bkt::postgres
