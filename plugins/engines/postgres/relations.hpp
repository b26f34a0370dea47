// relations.hpp: the schemas, tables and views of one database, and which of them need which.
#pragma once

#include "plugins/engines/postgres/tools.hpp"

namespace bkt::postgres {

// SQL: of pg_class c and pg_namespace n, what is a user's own: not the system's, not an extension's.
inline constexpr const char* kIsUsers =
    "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
    " AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d"
    " WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid"
    " AND d.deptype = 'e')";

struct Relation {
    std::string schema, name;
    char kind =
        'r';  // pg_class.relkind: r table, p partitioned table, v view, m materialised view, f foreign
    std::uint64_t size_bytes = 0;  // of a table's rows; 0 for what has none of its own
};

struct Need {  // `of` cannot be made without `what`
    Relation of, what;
};

struct Relations {
    std::vector<std::string> schemas;  // of users, no extension's
    std::vector<Relation> all;         // no temporary ones, none that belong to an extension
    std::vector<Need> needs;           // foreign keys, views, partitions
    bool utf8 = false;                 // the database's encoding
    std::uint64_t lock_slots = 0;      // how many locks the server has room for, about

    static Result<Relations> ask(const Tools& tools, const std::string& database);
};

// "name" with its quotes doubled.
std::string sql_identifier(std::string_view name);

// "schema"."name", which pg_dump's patterns and SQL read alike.
std::string quoted(const Relation& relation);

}  // namespace bkt::postgres
