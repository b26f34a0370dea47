#include "plugins/engines/postgres/filter.hpp"

#include <algorithm>

#include "baktainer/setting_text.hpp"
#include "plugins/engines/postgres/settings.hpp"

namespace bkt::postgres {
namespace {

constexpr std::size_t kMaxPatterns = 200;
constexpr std::size_t kMaxOptions = 5000;

bool is_wild(char c) { return c == '*' || c == '?'; }

// * and ?, without a stack: one * remembers where to try again.
bool fits(std::string_view pattern, std::string_view text) {
    std::size_t p = 0, t = 0, star = pattern.npos, again = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') star = p++, again = t;
        else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) ++p, ++t;
        else if (star != pattern.npos) p = star + 1, t = ++again;
        else return false;
    }
    return pattern.find_first_not_of('*', p) == pattern.npos;
}

std::string pg_pattern(std::string_view glob) {
    std::string out, literal;
    const auto flush = [&] {
        if (!literal.empty()) out += "\"" + literal + "\"";
        literal.clear();
    };
    for (const char c : glob) {
        if (is_wild(c)) flush(), out += c;
        else literal += c == '"' ? "\"\"" : std::string(1, c);
    }
    flush();
    return out;
}

Result<std::vector<Pattern>> patterns(const Call& call, std::string_view key) {
    std::vector<Pattern> all;
    for (const auto& word : words_of(call.config(key))) {
        const auto pattern = Pattern::parse(word);
        if (pattern.schema.empty() || pattern.name.empty())
            return invalid_setting(key, word, "is neither 'table' nor 'schema.table'");
        BKT_TRY(check_name(key, pattern.schema));
        BKT_TRY(check_name(key, pattern.name));
        all.push_back(pattern);
        if (all.size() > kMaxPatterns)
            return Error{Code::invalid, "'" + std::string(key) + "' has more than " +
                                            std::to_string(kMaxPatterns) + " patterns"};
    }
    return all;
}

bool any(const std::vector<Pattern>& patterns, const Relation& relation) {
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const Pattern& p) { return p.matches(relation); });
}

// A schema may hold functions only.
bool finds(const Pattern& pattern, const Relations& relations) {
    const auto same = [&](const std::string& schema) { return fits(pattern.schema, schema); };
    if (pattern.is_schema())
        return std::any_of(relations.schemas.begin(), relations.schemas.end(), same);
    return std::any_of(relations.all.begin(), relations.all.end(),
                       [&](const Relation& r) { return pattern.matches(r); });
}

// Whether anything of the schema may be wanted.
bool reaches(const std::vector<Pattern>& patterns, const std::string& schema) {
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const Pattern& p) { return fits(p.schema, schema); });
}

}  // namespace

Pattern Pattern::parse(std::string_view text) {
    const auto dot = text.find('.');
    if (dot == text.npos) return {"*", std::string(text)};
    return {std::string(text.substr(0, dot)), std::string(text.substr(dot + 1))};
}

bool Pattern::matches(const Relation& relation) const {
    return fits(schema, relation.schema) && fits(name, relation.name);
}

std::string Pattern::schema_option() const { return pg_pattern(schema); }
std::string Pattern::table_option() const { return pg_pattern(schema) + "." + pg_pattern(name); }

Result<Filter> Filter::load(const Call& call) {
    Filter filter;
    BKT_LET(filter.include_, patterns(call, "db.include"));
    BKT_LET(filter.exclude_, patterns(call, "db.exclude"));
    const std::string only = call.config("db.only");
    if (only == "schema") filter.only_ = Only::schema;
    else if (only == "data") filter.only_ = Only::data;
    else if (!only.empty())
        return invalid_setting("db.only", only, "is neither 'schema' nor 'data'");
    return filter;
}

bool Filter::takes(const Relation& relation) const {
    return (include_.empty() || any(include_, relation)) && !any(exclude_, relation);
}

bool Filter::takes_any(const Relations& relations) const {
    if (include_.empty()) return true;
    return std::any_of(include_.begin(), include_.end(),
                       [&](const Pattern& p) { return finds(p, relations); });
}

Status Filter::check_matches(const std::vector<Relations>& databases) const {
    const auto check = [&](std::string_view key, const std::vector<Pattern>& patterns) -> Status {
        for (const auto& p : patterns)
            if (std::none_of(databases.begin(), databases.end(),
                             [&](const Relations& r) { return finds(p, r); }))
                return Error{Code::not_found,
                             "'" + std::string(key) + "' has '" + shown(p.text()) +
                                 "', which matches no table of the chosen databases",
                             "write 'schema.table', with * and ? as in a shell; letters count as "
                             "they are"};
        return {};
    };
    BKT_TRY(check("db.include", include_));
    return check("db.exclude", exclude_);
}

Status Filter::check_needs(const std::string& database, const Relations& relations) const {
    if (is_whole() || only_ == Only::data) return {};
    for (const auto& need : relations.needs)
        if (takes(need.of) && !takes(need.what))
            return Error{Code::invalid,
                         "in database '" + database + "' " + quoted(need.of) + " needs " +
                             quoted(need.what) +
                             ", which 'db.include' and 'db.exclude' leave out: such a backup could "
                             "not be restored",
                         "take both or neither"};
    return {};
}

// pg_dump's own --table and --schema would leave behind what tables need: their schema, types, extensions. So
// what is not wanted is named instead.
Result<std::vector<std::string>> Filter::options(const Relations& relations) const {
    std::vector<std::string> options;
    for (const auto& p : exclude_)
        options.push_back(p.is_schema() ? "--exclude-schema=" + p.schema_option()
                                        : "--exclude-table=" + p.table_option());
    if (include_.empty()) return options;
    for (const auto& schema : relations.schemas)
        if (!reaches(include_, schema))
            options.push_back("--exclude-schema=" + sql_identifier(schema));
    for (const auto& r : relations.all)
        if (reaches(include_, r.schema) && !any(include_, r))
            options.push_back("--exclude-table=" + quoted(r));
    if (options.size() > kMaxOptions)
        return Error{Code::invalid,
                     "'db.include' leaves out " + std::to_string(options.size()) +
                         " tables one by one, more than an argument list should hold",
                     "choose by schema ('schema.*'), or say with 'db.exclude' what to leave out"};
    return options;
}

}  // namespace bkt::postgres
