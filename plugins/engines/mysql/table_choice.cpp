#include "plugins/engines/mysql/table_choice.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

#include "baktainer/setting_text.hpp"

namespace bkt::mysql {
namespace {

// Sequences are tables here too; a view has no size and no engine.
constexpr const char* kAskTables = R"sql(
SELECT 'table', TABLE_SCHEMA, TABLE_NAME, COALESCE(DATA_LENGTH, 0),
    ENGINE IS NOT NULL AND ENGINE NOT IN ('InnoDB', 'ROCKSDB', 'TokuDB', 'BLACKHOLE')
      AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')
  FROM information_schema.TABLES
  WHERE TABLE_SCHEMA NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys')
  ORDER BY TABLE_SCHEMA, TABLE_NAME;
SELECT 'needs', TABLE_SCHEMA, TABLE_NAME, VIEW_DEFINITION FROM information_schema.VIEWS
  WHERE TABLE_SCHEMA NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys');
SELECT 'needs', TABLE_SCHEMA, TABLE_NAME, COLUMN_DEFAULT FROM information_schema.COLUMNS
  WHERE TABLE_SCHEMA NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys')
    AND COLUMN_DEFAULT LIKE '%val(%';
SELECT 'key', CONSTRAINT_SCHEMA, TABLE_NAME, UNIQUE_CONSTRAINT_SCHEMA, REFERENCED_TABLE_NAME
  FROM information_schema.REFERENTIAL_CONSTRAINTS;
)sql";

// Linux gives a program's words and environment 2 MiB as a rule.
constexpr std::size_t kMaxIgnoredBytes = 1u << 20;

using Name = std::pair<std::string, std::string>;  // database, table

struct Table {
    Name name;
    std::uint64_t size_bytes = 0;
    bool without_state = false;
};
// What reads others: a view, or a table with a default out of a sequence.
struct Reader {
    Name name;
    std::string definition;
};
struct Catalogue {
    std::vector<Table> tables;  // views too
    std::vector<Reader> readers;
    std::vector<std::pair<Name, Name>> keys;  // who refers to whom
};

std::string shown_name(const Name& name) { return "'" + name.first + "." + name.second + "'"; }

Result<Catalogue> ask_catalogue(const Tools& tools) {
    BKT_LET(const auto rows, tools.query(kAskTables));
    Catalogue all;
    for (const auto& row : rows) {
        if (row.size() == 5 && row[0] == "table") {
            std::uint64_t size = 0;
            std::from_chars(row[3].data(), row[3].data() + row[3].size(), size);
            all.tables.push_back({{row[1], row[2]}, size, row[4] == "1"});
        } else if (row.size() == 4 && row[0] == "needs") {
            all.readers.push_back({{row[1], row[2]}, row[3]});
        } else if (row.size() == 5 && row[0] == "key") {
            all.keys.push_back({{row[1], row[2]}, {row[3], row[4]}});
        }
    }
    return all;
}

// What stands in the quotes `text` begins with, which are taken off it. Doubled, a quote means itself.
std::string take_quoted(std::string_view& text) {
    const char quote = text.front();
    std::string quoted;
    std::size_t i = 1;
    for (; i < text.size(); ++i) {
        const bool doubled = text[i] == quote && i + 1 < text.size() && text[i + 1] == quote;
        const bool escaped = text[i] == '\\' && quote != '`' && i + 1 < text.size();
        if (doubled || escaped) ++i;
        else if (text[i] == quote) break;
        quoted += text[i];
    }
    text.remove_prefix(std::min(i + 1, text.size()));
    return quoted;
}

class Chooser final {
public:
    Chooser(const std::vector<Database>& databases, const Selection& selection, Catalogue all)
        : databases_(databases), selection_(selection), all_(std::move(all)) {}

    Result<Choices> run() {
        for (const auto* patterns : {&selection_.include, &selection_.exclude})
            for (const auto& pattern : *patterns) BKT_TRY(check_matches(pattern));
        for (const auto& database : databases_) BKT_TRY(choose(database));
        if (taken_.empty())
            return Error{Code::not_found, "no table is left to back up by " + selection_.keys(),
                         "take back one of the patterns"};
        if (selection_.schema) {
            BKT_TRY(check_readers());
            note_keys();
        }
        return std::move(choices_);
    }

private:
    Status check_matches(const Pattern& pattern) const {
        for (const auto& table : all_.tables)
            if (is_chosen(table.name.first) && pattern.matches(table.name.first, table.name.second))
                return {};
        std::vector<std::string> names;
        for (const auto& table : all_.tables)
            if (is_chosen(table.name.first))
                names.push_back(table.name.first + "." + table.name.second);
        const std::string there = listed(names);
        return Error{Code::not_found,
                     "'" + pattern.key + "' has the pattern '" + shown(pattern.text) +
                         "', which no table matches; there is " + (there.empty() ? "none" : there),
                     "correct the pattern, or take it out; upper and lower case count"};
    }

    bool is_chosen(const std::string& database) const {
        return std::any_of(databases_.begin(), databases_.end(),
                           [&](const Database& d) { return d.name == database; });
    }

    Status choose(const Database& database) {
        Choice choice{database, {}};
        choice.database.size_bytes = choice.database.tables_without_state = 0;
        std::size_t here = 0;
        for (const auto& table : all_.tables) {
            if (table.name.first != database.name) continue;
            ++here;
            if (selection_.takes(database.name, table.name.second)) {
                taken_.insert(table.name);
                choice.database.size_bytes += table.size_bytes;
                choice.database.tables_without_state += table.without_state;
            } else {
                left_out_.insert(table.name);
                choice.left_out.push_back(table.name.second);
            }
        }
        if (!selection_.include.empty() && choice.left_out.size() == here) {
            choices_.notes.push_back("database '" + database.name + "' is left out whole: " +
                                     selection_.keys() + " take none of its tables");
            return {};
        }
        if (!choice.left_out.empty())
            choices_.notes.push_back(
                "left out of database '" + database.name + "' by " + selection_.keys() + ": " +
                std::to_string(choice.left_out.size()) + " of " + std::to_string(here) +
                " tables and views, " + listed(choice.left_out));
        std::size_t bytes = 0;
        for (const auto& option : choice.options()) bytes += option.size() + 1;
        if (bytes > kMaxIgnoredBytes)
            return Error{Code::unsupported,
                         "more tables of database '" + database.name +
                             "' are left out than a command line can name",
                         "leave out fewer; a pattern that takes most of the tables is shorter"};
        choices_.taken.push_back(std::move(choice));
        return {};
    }

    // Neither server makes what reads something that is not there: the restore would stop at it.
    Status check_readers() const {
        for (const auto& reader : all_.readers) {
            if (!taken_.contains(reader.name)) continue;
            for (const auto& name : names_in(reader.definition))
                if (left_out_.contains(name))
                    return Error{Code::conflict,
                                 shown_name(reader.name) + " reads " + shown_name(name) +
                                     ", which is left out by " + selection_.keys() +
                                     ": it could not be restored",
                                 "leave out both, or neither"};
        }
        return {};
    }

    // Unlike those, a foreign key may be made before the table it refers to.
    void note_keys() {
        std::set<Name> said;
        for (const auto& [from, to] : all_.keys)
            if (taken_.contains(from) && left_out_.contains(to) && said.insert(to).second)
                choices_.notes.push_back("table " + shown_name(from) + " refers to " +
                                         shown_name(to) +
                                         ", which is left out: once restored, it takes no new rows "
                                         "before that table is there");
    }

    const std::vector<Database>& databases_;
    const Selection& selection_;
    Catalogue all_;
    std::set<Name> taken_, left_out_;
    Choices choices_;
};

}  // namespace

std::vector<std::string> Choice::options() const {
    std::vector<std::string> options;
    for (const auto& table : left_out)
        options.push_back("--ignore-table=" + database.name + "." + table);
    return options;
}

std::vector<std::pair<std::string, std::string>> names_in(std::string_view definition) {
    std::vector<Name> names;
    std::optional<std::string> before;  // the identifier that a dot joins to the next one
    while (!definition.empty()) {
        const char quote = definition.front();
        if (quote != '`' && quote != '\'' && quote != '"') {
            if (quote != '.') before.reset();
            definition.remove_prefix(1);
            continue;
        }
        std::string text = take_quoted(definition);
        if (quote == '`' && before) names.emplace_back(*before, text);
        before.reset();
        if (quote == '`' && definition.starts_with('.')) before = std::move(text);
    }
    return names;
}

Result<Choices> choose_tables(const Tools& tools, const std::vector<Database>& databases,
                              const Selection& selection) {
    Choices all;
    if (!selection.chooses_tables()) {
        for (const auto& database : databases) all.taken.push_back({database, {}});
        return all;
    }
    BKT_LET(Catalogue catalogue, ask_catalogue(tools));
    return Chooser(databases, selection, std::move(catalogue)).run();
}

}  // namespace bkt::mysql
