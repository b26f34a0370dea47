#include "plugins/engines/postgres/filter.hpp"

#include <algorithm>

namespace bkt::postgres {
namespace {

constexpr std::size_t kMaxOptions = 5000;

// For pg_dump: literal texts in double quotes, wildcards outside of them.
std::string pg_pattern(std::string_view glob) {
    std::string out, literal;
    const auto flush = [&] {
        if (!literal.empty()) out += sql_identifier(literal);
        literal.clear();
    };
    for (const char c : glob) {
        if (c == '*' || c == '?') flush(), out += c;
        else literal += c;
    }
    flush();
    return out;
}

bool is_schema(const TablePattern& pattern) {
    return !pattern.holder.empty() && pattern.table == "*";
}

// A schema may hold functions only.
bool finds(const TablePattern& pattern, const Relations& relations) {
    if (is_schema(pattern))
        return std::any_of(relations.schemas.begin(), relations.schemas.end(),
                           [&](const std::string& name) { return pattern.matches_holder(name); });
    return std::any_of(relations.all.begin(), relations.all.end(),
                       [&](const Relation& r) { return pattern.matches(r.schema, r.name); });
}

// Whether anything of the schema may be wanted.
bool reaches(const std::vector<TablePattern>& patterns, const std::string& schema) {
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const TablePattern& p) { return p.matches_holder(schema); });
}

bool any(const std::vector<TablePattern>& patterns, const Relation& r) {
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const TablePattern& p) { return p.matches(r.schema, r.name); });
}

Status check_found(const std::vector<TablePattern>& patterns,
                   const std::vector<Relations>& databases) {
    for (const auto& p : patterns)
        if (std::none_of(databases.begin(), databases.end(),
                         [&](const Relations& r) { return finds(p, r); }))
            return Error{
                Code::not_found,
                "'" + p.key + "' has '" + shown(p.text) +
                    "', which matches no table of the chosen databases",
                "write 'schema.table', with * and ? as in a shell; letters count as they are"};
    return {};
}

}  // namespace

Result<Filter> Filter::load(const Call& call) {
    Filter filter;
    BKT_LET(filter.selection_, TableSelection::load(call));
    return filter;
}

bool Filter::takes_any(const Relations& relations) const {
    const auto& include = selection_.include;
    return include.empty() ||
           std::any_of(include.begin(), include.end(),
                       [&](const TablePattern& p) { return finds(p, relations); });
}

Status Filter::check_matches(const std::vector<Relations>& databases) const {
    BKT_TRY(check_found(selection_.include, databases));
    return check_found(selection_.exclude, databases);
}

Status Filter::check_needs(const std::string& database, const Relations& relations) const {
    if (is_whole() || !takes_schema()) return {};
    for (const auto& need : relations.needs)
        if (takes(need.of) && !takes(need.what))
            return Error{Code::invalid,
                         "in database '" + database + "' " + quoted(need.of) + " needs " +
                             quoted(need.what) + ", which " + selection_.keys() +
                             " leaves out: such a backup could not be restored",
                         "take both or neither"};
    return {};
}

// pg_dump's own --table and --schema would leave behind what tables need: their schema, types, extensions. So
// what is not wanted is named instead.
Result<std::vector<std::string>> Filter::options(const Relations& relations) const {
    std::vector<std::string> options;
    for (const auto& p : selection_.exclude)
        options.push_back(
            is_schema(p) ? "--exclude-schema=" + pg_pattern(p.holder)
                         : "--exclude-table=" + (p.holder.empty() ? "*" : pg_pattern(p.holder)) +
                               "." + pg_pattern(p.table));
    const auto& include = selection_.include;
    if (include.empty()) return options;
    for (const auto& schema : relations.schemas)
        if (!reaches(include, schema))
            options.push_back("--exclude-schema=" + sql_identifier(schema));
    for (const auto& r : relations.all)
        if (reaches(include, r.schema) && !any(include, r))
            options.push_back("--exclude-table=" + quoted(r));
    if (options.size() > kMaxOptions)
        return Error{Code::invalid,
                     "'db.include' leaves out " + std::to_string(options.size()) +
                         " tables one by one, more than an argument list should hold",
                     "choose by schema ('schema.*'), or say with 'db.exclude' what to leave out"};
    return options;
}

}  // namespace bkt::postgres
