// filter.hpp: what of a database is wanted (baktainer/table_selection.hpp; what holds a table is its schema).
//
// Tables and views are chosen; functions, types and extensions of their schemas come along. "schema.*" left out
// leaves out the schema with all that is in it. What matches nothing is an error: an empty dump would say that all
// is well.
#pragma once

#include "baktainer/table_selection.hpp"
#include "plugins/engines/postgres/relations.hpp"

namespace bkt::postgres {

class Filter final {
public:
    // From the instance's config; Code::invalid names the key.
    static Result<Filter> load(const Call& call);

    bool takes_schema() const { return selection_.schema; }
    bool takes_rows() const { return selection_.rows; }
    bool is_whole() const { return !selection_.chooses_tables(); }
    bool takes(const Relation& r) const { return selection_.takes(r.schema, r.name); }
    // Whether anything of it is wanted.
    bool takes_any(const Relations& relations) const;
    // The first pattern that matches nothing in any of `databases`, as an error.
    Status check_matches(const std::vector<Relations>& databases) const;
    // Code::invalid when what is wanted needs what is not: it could not be restored.
    Status check_needs(const std::string& database, const Relations& relations) const;
    // pg_dump's options for it. Code::invalid when they are too many.
    Result<std::vector<std::string>> options(const Relations& relations) const;

private:
    TableSelection selection_;
};

}  // namespace bkt::postgres
