// selection.hpp: which tables a job wants, and what of them: the labels db.include, db.exclude and db.only.
//
// A pattern is "table" (of every database) or "database.table"; '*' stands for any letters, '?' for one. The
// first dot separates, so a '?' stands for a dot or a comma that is part of a name. Patterns are compared here,
// with the names the server gave, and never reach a tool or the server.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "baktainer/call.hpp"
#include "plugins/engines/mysql/parts.hpp"

namespace bkt::mysql {

struct Pattern {
    std::string key;       // of the label it comes from
    std::string text;      // as it stands there
    std::string database;  // empty = every one
    std::string table;

    bool matches(std::string_view in_database, std::string_view name) const;
};

struct Selection {
    std::vector<Pattern> include, exclude;  // no include = all tables
    bool schema = true, rows = true;        // never neither

    // From the instance's config. Code::invalid names the key.
    static Result<Selection> load(const Call& call);

    bool chooses_tables() const { return !include.empty() || !exclude.empty(); }
    bool takes(std::string_view database, std::string_view table) const;
    // What the part of a database holds of it.
    Holds holds() const;
    // "'db.include' and 'db.exclude'": those that are set.
    std::string keys() const;
};

}  // namespace bkt::mysql
