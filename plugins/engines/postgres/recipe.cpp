#include "plugins/engines/postgres/recipe.hpp"

#include <algorithm>

#include "baktainer/engine.hpp"
#include "plugins/engines/postgres/parts.hpp"

namespace bkt::postgres {
namespace {

std::string sql_identifier(std::string_view name) {
    std::string quoted = "\"";
    for (const char c : name) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + "\"";
}

std::string database_lines(const DatabasePart& p) {
    // Not from within the database that is dropped.
    const std::string outside = p.database == "postgres" ? "template1" : "postgres";
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
    for (const auto& part : parts) {
        const auto database = parse_database_part(part);
        if (!database) continue;
        text += "# Replaces database " + shell_quoted(database->database) + " if there is one.\n" +
                database_lines(*database);
    }
    return text;
}

}  // namespace bkt::postgres
