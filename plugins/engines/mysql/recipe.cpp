#include "plugins/engines/mysql/recipe.hpp"

#include <algorithm>

#include "baktainer/engine.hpp"
#include "plugins/engines/mysql/parts.hpp"
#include "plugins/engines/mysql/settings.hpp"

namespace bkt::mysql {

std::string restore_recipe(Flavour flavour, const std::string& user,
                           const std::vector<std::string>& parts) {
    const std::string client = std::string(flavour == Flavour::mariadb ? "mariadb" : "mysql") +
                               " --user=" + shell_quoted(user) +
                               " --default-character-set=utf8mb4 --binary-mode";
    std::string text =
        "# Put the password into MYSQL_PWD first, and name another server with --host=... "
        "--port=...\n"
        "# A client from before mid-2024 stops at MariaDB's first line (\"Unknown command "
        "'\\-'\"): leave "
        "that\n# line out with `tail -n +2 FILE |`.\n";
    for (const auto& part : parts) {
        const auto of = database_of(part);
        if (!of) continue;
        const std::string database = shell_quoted(of->database);
        switch (of->holds) {
            case Holds::everything:
                text += "# Replaces database " + database + " if there is one.\n" + client +
                        " --execute=" +
                        shell_quoted("DROP DATABASE IF EXISTS " + identifier(of->database)) + "\n";
                break;
            case Holds::some_tables:
                text += "# Some tables of database " + database +
                        ": replaces those, and leaves others as they are.\n";
                break;
            case Holds::schema:
                text += "# Definitions without rows of database " + database +
                        ": replaces its tables by empty ones.\n";
                break;
            case Holds::rows:
                text += "# Rows alone of database " + database +
                        ": its tables must be there, empty and without triggers.\n";
                break;
        }
        text += client + " <" + shell_quoted(part) + "\n";
    }
    if (std::find(parts.begin(), parts.end(), kAccountsPart) != parts.end())
        text +=
            "# Accounts, roles and grants, last, for grants name tables. Existing accounts get the "
            "backup's\n# passwords, the one you log in as too.\n" +
            client + " <accounts.sql\n";
    return text;
}

}  // namespace bkt::mysql
