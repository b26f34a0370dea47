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
        const auto database = database_of(part);
        if (!database) continue;
        text += "# Replaces database " + shell_quoted(*database) + " if there is one.\n" + client +
                " --execute=" + shell_quoted("DROP DATABASE IF EXISTS " + identifier(*database)) +
                "\n" + client + " <" + shell_quoted(part) + "\n";
    }
    if (std::find(parts.begin(), parts.end(), kAccountsPart) != parts.end())
        text +=
            "# Accounts, roles and grants, last, for grants name tables. Existing accounts get the "
            "backup's\n# passwords, the one you log in as too.\n" +
            client + " <accounts.sql\n";
    return text;
}

}  // namespace bkt::mysql
