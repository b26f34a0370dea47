// table_choice.hpp: the tables and views a selection takes of a server's databases, by their real names.
#pragma once

#include "plugins/engines/mysql/selection.hpp"
#include "plugins/engines/mysql/server.hpp"

namespace bkt::mysql {

// What is dumped of one database.
struct Choice {
    Database database;                  // its size and counts are those of what is taken
    std::vector<std::string> left_out;  // its tables and views that are not

    // "--ignore-table=..." for each that is left out.
    std::vector<std::string> options() const;
};

struct Choices {
    std::vector<Choice> taken;
    std::vector<std::string> notes;  // what the labels leave out, for people
};

// A database of which 'db.include' takes no table is left out whole. Code::not_found for a pattern that matches
// nothing and when no table is left; Code::conflict for what could not be made again, because it reads what is
// left out: a view, or a table with a default out of a sequence.
Result<Choices> choose_tables(const Tools& tools, const std::vector<Database>& databases,
                              const Selection& selection);

// The `database`.`table` pairs a view's or default's definition names, as information_schema writes it.
std::vector<std::pair<std::string, std::string>> names_in(std::string_view view_definition);

}  // namespace bkt::mysql
