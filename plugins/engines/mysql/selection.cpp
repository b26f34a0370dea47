#include "plugins/engines/mysql/selection.hpp"

#include <algorithm>

#include "baktainer/setting_text.hpp"

namespace bkt::mysql {
namespace {

constexpr std::size_t kMaxPatterns = 1000;

// The bytes of the UTF-8 character `text` begins with.
std::size_t letter_bytes(std::string_view text) {
    std::size_t bytes = 1;
    while (bytes < text.size() && (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80) ++bytes;
    return bytes;
}

// Only the last '*' ever needs another try: what an earlier one might take, the last one may as well.
bool glob_matches(std::string_view pattern, std::string_view name) {
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

Result<std::vector<Pattern>> load_patterns(const Call& call, const char* key) {
    std::vector<Pattern> patterns;
    for (const auto& text : words_of(call.config(key))) {
        Pattern pattern{key, text, "", text};
        const auto dot = text.find('.');
        if (dot != text.npos) {
            pattern.database = text.substr(0, dot);
            pattern.table = text.substr(dot + 1);
        }
        if (has_control(text)) return invalid_setting(key, text, "holds a control character");
        if (pattern.table.empty() || dot == 0) {
            Error error = invalid_setting(key, text, "is no pattern of tables");
            error.hint = "write 'table' or 'database.table'; '*' stands for any letters";
            return error;
        }
        patterns.push_back(std::move(pattern));
        if (patterns.size() > kMaxPatterns)
            return Error{Code::invalid, "'" + std::string(key) + "' has more than " +
                                            std::to_string(kMaxPatterns) + " patterns"};
    }
    return patterns;
}

bool any_matches(const std::vector<Pattern>& patterns, std::string_view database,
                 std::string_view table) {
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const Pattern& p) { return p.matches(database, table); });
}

}  // namespace

bool Pattern::matches(std::string_view in_database, std::string_view name) const {
    return (database.empty() || glob_matches(database, in_database)) && glob_matches(table, name);
}

Result<Selection> Selection::load(const Call& call) {
    Selection s;
    BKT_LET(s.include, load_patterns(call, "db.include"));
    BKT_LET(s.exclude, load_patterns(call, "db.exclude"));
    const std::string only = call.config("db.only");
    if (!only.empty() && only != "schema" && only != "data")
        return invalid_setting("db.only", only, "is neither 'schema' nor 'data'");
    s.schema = only != "data";
    s.rows = only != "schema";
    return s;
}

bool Selection::takes(std::string_view database, std::string_view table) const {
    return (include.empty() || any_matches(include, database, table)) &&
           !any_matches(exclude, database, table);
}

Holds Selection::holds() const {
    if (!rows) return Holds::schema;
    if (!schema) return Holds::rows;
    return chooses_tables() ? Holds::some_tables : Holds::everything;
}

std::string Selection::keys() const {
    if (include.empty()) return "'db.exclude'";
    return exclude.empty() ? "'db.include'" : "'db.include' and 'db.exclude'";
}

}  // namespace bkt::mysql
