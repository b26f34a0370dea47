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

constexpr const char* kPsql = "psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname=";

// The database itself first, then the extension, then what needs it.
std::string timescale_lines(const DatabasePart& p, const std::string& outside) {
    const std::string into = dbname_word(p.database);
    return "pg_restore --clean --if-exists --create --exit-on-error "
           "--schema='nothing: only the database itself is made here, not what is in it' "
           "--dbname=" +
           outside + " " + shell_quoted(p.part) + "\n" +
           "# The server must offer the version of TimescaleDB that this says.\n" + kPsql + into +
           " --file=" + shell_quoted(timescale_part(p.database)) + "\n" +
           "pg_restore --exit-on-error --section=pre-data --dbname=" + into + " " +
           shell_quoted(p.part) + "\n";
}

std::string late_timescale_lines(const DatabasePart& p) {
    const std::string into = dbname_word(p.database);
    return "# A foreign key that refers to a hypertable fails here: add it after the last line, "
           "with "
           "the command shown.\n"
           "pg_restore --section=post-data --dbname=" +
           into + " " + shell_quoted(p.part) + " || echo 'after the last line, add what failed'\n" +
           kPsql + into + " --command='SELECT timescaledb_post_restore()'\n";
}

std::string database_lines(const DatabasePart& p, bool timescale) {
    // Not from within the database that is dropped.
    const std::string outside = p.database == "postgres" ? "template1" : "postgres";
    if (p.piece == Piece::schema && timescale) return timescale_lines(p, outside);
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
    const auto has_timescale = [&](const DatabasePart& p) {
        return std::find(parts.begin(), parts.end(), timescale_part(p.database)) != parts.end();
    };
    const auto each = [&](auto&& line) {
        for (const auto& part : parts)
            if (const auto database = parse_database_part(part)) line(*database);
    };
    each([&](const DatabasePart& p) {
        if (p.piece == Piece::data || p.piece == Piece::timescale) return;
        text += "# Replaces database " + shell_quoted(p.database) + " if there is one.\n" +
                database_lines(p, has_timescale(p));
    });
    // Rows go between what is made before them and what is made of them.
    each([&](const DatabasePart& p) {
        if (p.piece == Piece::data) text += database_lines(p, false);
    });
    each([&](const DatabasePart& p) {
        if (p.piece != Piece::schema) return;
        text +=
            "# Keys, indexes and triggers, once the rows are there.\n" +
            (has_timescale(p) ? late_timescale_lines(p)
                              : "pg_restore --exit-on-error --section=post-data --dbname=" +
                                    dbname_word(p.database) + " " + shell_quoted(p.part) + "\n");
    });
    return text;
}

}  // namespace bkt::postgres
