// filter.hpp: db.include, db.exclude and db.only: what of a database is wanted.
//
// A pattern is "schema.table", each half with * and ? as in a shell, and a word without a dot is a table of any
// schema. Tables and views are chosen; functions, types and extensions of their schemas come along. "schema.*"
// left out leaves out the schema with all that is in it. Letters count as they are. What matches nothing is an
// error: an empty dump would say that all is well.
#pragma once

#include "plugins/engines/postgres/relations.hpp"

namespace bkt::postgres {

enum class Only { all, schema, data };

struct Pattern {
    std::string schema, name;
    static Pattern parse(std::string_view text);
    std::string text() const { return schema + "." + name; }
    bool is_schema() const { return name == "*"; }
    bool matches(const Relation& relation) const;
    // For pg_dump: literal texts in double quotes, wildcards outside of them.
    std::string schema_option() const;
    std::string table_option() const;
};

class Filter final {
public:
    // From the instance's config; Code::invalid names the key.
    static Result<Filter> load(const Call& call);

    Only only() const { return only_; }
    bool is_whole() const { return include_.empty() && exclude_.empty(); }
    bool takes(const Relation& relation) const;
    // Whether anything of it is wanted.
    bool takes_any(const Relations& relations) const;
    // The first pattern that matches nothing in any of `databases`, as an error.
    Status check_matches(const std::vector<Relations>& databases) const;
    // Code::invalid when what is wanted needs what is not: it could not be restored.
    Status check_needs(const std::string& database, const Relations& relations) const;
    // pg_dump's options for it. Code::invalid when they are too many.
    Result<std::vector<std::string>> options(const Relations& relations) const;

private:
    std::vector<Pattern> include_, exclude_;
    Only only_ = Only::all;
};

}  // namespace bkt::postgres
