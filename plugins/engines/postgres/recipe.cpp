#include "plugins/engines/postgres/recipe.hpp"

#include <algorithm>

#include "baktainer/engine.hpp"
#include "plugins/engines/postgres/parts.hpp"
#include "plugins/engines/postgres/relations.hpp"

namespace bkt::postgres {
namespace {

std::string dbname_word(const std::string& database) {
    return shell_quoted(connection_string(database));
}

std::string database_lines(const DatabasePart& p) {
    // Not from within the database that is dropped.
    const std::string outside = p.database == "postgres" ? "template1" : "postgres";
    if (p.piece == Piece::schema)
        return "pg_restore --clean --if-exists --create --exit-on-error --section=pre-data "
               "--dbname=" +
               outside + " " + shell_quoted(p.part) + "\n";
    if (p.piece == Piece::data)
        return "pg_restore --exit-on-error --section=data --dbname=" + dbname_word(p.database) +
               " " + shell_quoted(p.part) + "\n";
    if (p.format == Format::custom)
        return "pg_restore --clean --if-exists --create --exit-on-error --dbname=" + outside + " " +
               shell_quoted(p.part) + "\n";
    return "psql --no-psqlrc --quiet --dbname=" + outside +
           " --command=" + shell_quoted("DROP DATABASE IF EXISTS " + sql_identifier(p.database)) +
           "\npsql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname=" + outside +
           " --file=" + shell_quoted(p.part) + "\n";
}

}  // namespace

std::string restore_recipe(const std::string& user, const std::vector<std::string>& parts) {
    std::string text =
        "# Point PGHOST, PGPORT and PGPASSWORD at the server first, if it is not the local one.\n"
        "export PGUSER=" +
        shell_quoted(user) + "\n";
    if (std::find(parts.begin(), parts.end(), kGlobalsPart) != parts.end())
        text +=
            "# Roles and tablespaces. 'role ... already exists' is expected for those the server "
            "has.\n"
            "psql --no-psqlrc --quiet --dbname=template1 --file=globals.sql\n";
    const auto each = [&](auto&& line) {
        for (const auto& part : parts)
            if (const auto database = parse_database_part(part)) line(*database);
    };
    each([&](const DatabasePart& p) {
        if (p.piece == Piece::data) return;
        text += "# Replaces database " + shell_quoted(p.database) + " if there is one.\n" +
                database_lines(p);
    });
    // Rows go between what is made before them and what is made of them.
    each([&](const DatabasePart& p) {
        if (p.piece == Piece::data) text += database_lines(p);
    });
    each([&](const DatabasePart& p) {
        if (p.piece == Piece::schema)
            text +=
                "# Keys, indexes and triggers, once the rows are there.\n"
                "pg_restore --exit-on-error --section=post-data --dbname=" +
                dbname_word(p.database) + " " + shell_quoted(p.part) + "\n";
    });
    return text;
}

}  // namespace bkt::postgres
