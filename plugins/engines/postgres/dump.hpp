// dump.hpp: one database into its part or parts.
#pragma once

#include "baktainer/engine.hpp"
#include "plugins/engines/postgres/server.hpp"
#include "plugins/engines/postgres/shares.hpp"
#include "plugins/engines/postgres/timescale.hpp"

namespace bkt::postgres {

// How a chosen database will be dumped; made by plan().
struct DatabasePlan {
    Database database;
    Relations relations;                // asked for only where something is left out or divided
    std::vector<std::string> left_out;  // pg_dump's options that say so
    Shares shares;
    std::optional<Timescale> timescale;
};

// Looks at a database and divides it. Code::invalid when what is left of it could not be restored.
Result<DatabasePlan> plan_database(const Tools& tools, const Filter& filter, const Server& server,
                                   const Database& database);

// Declares its parts.
Status plan_parts(const Tools& tools, const Filter& filter, const DatabasePlan& database,
                  Plan& plan);

Status dump_globals(const Tools& tools, const Server& server, PartsOut& out);
Status dump_database(const Tools& tools, const Filter& filter, const Server& server,
                     const DatabasePlan& database, PartsOut& out);

}  // namespace bkt::postgres
