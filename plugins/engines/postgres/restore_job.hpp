// restore_job.hpp: the parts of a backup by the database they make.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plugins/engines/postgres/parts.hpp"
#include "plugins/engines/postgres/timescale.hpp"

namespace bkt::postgres {

// One database of the backup and where it goes.
struct RestoreJob {
    std::string database, name;
    std::optional<DatabasePart> whole, schema;
    std::vector<DatabasePart> rows;
    std::optional<DatabasePart> timescale_from;
    std::optional<Timescale> timescale;  // what that part says
    std::string late, late_list;  // the section post-data of such a database, as SQL and as a list
    bool same_name() const { return name == database; }
    // Then the database and its tables are there already.
    bool is_schema_alone() const { return schema && rows.empty(); }
    bool is_rows_alone() const { return !whole && !schema; }
};

// In the order of `parts`; all go to `elsewhere` where it is not empty, which only one database can. Code::unsupported
// for a part of another engine, not_found where a piece of a database is missing: it would lack rows.
Result<std::vector<RestoreJob>> jobs_of(const std::vector<std::string>& parts,
                                        const std::string& elsewhere);

}  // namespace bkt::postgres
