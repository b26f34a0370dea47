// tables_there.hpp: the tables of a database that something is to be restored into, and their rows.
#pragma once

#include <optional>

#include "plugins/engines/mysql/tools.hpp"

namespace bkt::mysql {

struct TablesThere {
    std::string database;
    std::vector<std::string> tables;  // no views
    std::string insert_trigger;       // one that acts on rows put in; empty = there is none

    // Of a database that is not there: no tables.
    static Result<TablesThere> ask(const Tools& tools, const std::string& database);
    // The first table that holds any; nullopt = all are empty.
    Result<std::optional<std::string>> first_with_rows(const Tools& tools) const;
    // Empties all of them.
    Status remove_rows(const Tools& tools) const;
};

}  // namespace bkt::mysql
