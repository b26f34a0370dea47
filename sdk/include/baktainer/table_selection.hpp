// table_selection.hpp: which tables a job wants, and what of them: the labels db.include, db.exclude and db.only, for
// every engine that has tables.
//
// A pattern is "table" (wherever it is) or "holder.table", where the holder is what the database calls so: a schema,
// or a database. '*' stands for any letters, '?' for one; letters count as they are. The first dot separates, so a
// '?' stands for a dot or a comma that is part of a holder's name. Patterns are compared with the names the server gave.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "baktainer/call.hpp"
#include "baktainer/setting_text.hpp"

namespace bkt {

inline constexpr std::size_t kMaxTablePatterns = 1000;

struct TablePattern {
    std::string key;     // of the label it comes from
    std::string text;    // as it stands there
    std::string holder;  // empty = every one
    std::string table;

    bool matches(std::string_view in_holder, std::string_view name) const;
    bool matches_holder(std::string_view name) const;
};

struct TableSelection {
    std::vector<TablePattern> include, exclude;  // no include = all tables
    bool schema = true, rows = true;             // never neither

    // From the instance's config. Code::invalid names the key.
    static Result<TableSelection> load(const Call& call);

    bool chooses_tables() const { return !include.empty() || !exclude.empty(); }
    bool takes(std::string_view holder, std::string_view table) const;
    // "'db.include' and 'db.exclude'": those that are set.
    std::string keys() const;
};

namespace detail {

// The bytes of the UTF-8 character `text` begins with.
inline std::size_t letter_bytes(std::string_view text) {
    std::size_t bytes = 1;
    while (bytes < text.size() && (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80) ++bytes;
    return bytes;
}

// Only the last '*' ever needs another try: what an earlier one might take, the last one may as well.
inline bool glob_matches(std::string_view pattern, std::string_view name) {
    std::size_t p = 0, n = 0, star = pattern.npos, taken = 0;
    while (n < name.size()) {
        const auto letter = letter_bytes(name.substr(n));
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            taken = n;
        } else if (p < pattern.size() && pattern[p] == '?') {
            ++p;
            n += letter;
        } else if (p < pattern.size() && pattern[p] == name[n]) {
            ++p;
            ++n;
        } else if (star != pattern.npos) {
            taken += letter_bytes(name.substr(taken));
            p = star + 1;
            n = taken;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == pattern.npos;
}

inline Result<std::vector<TablePattern>> load_patterns(const Call& call, const char* key) {
    std::vector<TablePattern> patterns;
    for (const auto& text : words_of(call.config(key))) {
        TablePattern pattern{key, text, "", text};
        const auto dot = text.find('.');
        if (dot != text.npos) {
            pattern.holder = text.substr(0, dot);
            pattern.table = text.substr(dot + 1);
        }
        if (has_control(text)) return invalid_setting(key, text, "holds a control character");
        if (pattern.table.empty() || dot == 0) {
            Error error = invalid_setting(key, text, "is no pattern of tables");
            error.hint =
                "write 'table' or, before a dot, what holds it; '*' stands for any letters";
            return error;
        }
        patterns.push_back(std::move(pattern));
        if (patterns.size() > kMaxTablePatterns)
            return Error{Code::invalid, "'" + std::string(key) + "' has more than " +
                                            std::to_string(kMaxTablePatterns) + " patterns"};
    }
    return patterns;
}

inline bool any_matches(const std::vector<TablePattern>& patterns, std::string_view holder,
                        std::string_view table) {
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const TablePattern& p) { return p.matches(holder, table); });
}

}  // namespace detail

inline bool TablePattern::matches_holder(std::string_view name) const {
    return holder.empty() || detail::glob_matches(holder, name);
}

inline bool TablePattern::matches(std::string_view in_holder, std::string_view name) const {
    return matches_holder(in_holder) && detail::glob_matches(table, name);
}

inline Result<TableSelection> TableSelection::load(const Call& call) {
    TableSelection s;
    BKT_LET(s.include, detail::load_patterns(call, "db.include"));
    BKT_LET(s.exclude, detail::load_patterns(call, "db.exclude"));
    const std::string only = call.config("db.only");
    if (!only.empty() && only != "schema" && only != "data")
        return invalid_setting("db.only", only, "is neither 'schema' nor 'data'");
    s.schema = only != "data";
    s.rows = only != "schema";
    return s;
}

inline bool TableSelection::takes(std::string_view holder, std::string_view table) const {
    return (include.empty() || detail::any_matches(include, holder, table)) &&
           !detail::any_matches(exclude, holder, table);
}

inline std::string TableSelection::keys() const {
    if (include.empty()) return "'db.exclude'";
    return exclude.empty() ? "'db.include'" : "'db.include' and 'db.exclude'";
}

}  // namespace bkt
