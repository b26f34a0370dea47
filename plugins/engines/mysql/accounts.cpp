#include "plugins/engines/mysql/accounts.hpp"

#include "plugins/engines/mysql/dump_format.hpp"

namespace bkt::mysql {
namespace {

constexpr std::string_view kCreateUser = "CREATE USER ";

struct Account {
    std::string user, host;
    bool is_role = false;  // MariaDB's kind, which has no host; MySQL's roles are accounts
    std::string quoted() const {
        return is_role ? identifier(user) : identifier(user) + "@" + identifier(host);
    }
};

Result<std::vector<Account>> ask_accounts(const Tools& tools, const Server& server) {
    const std::string role = server.mariadb ? "is_role" : "'N'";
    BKT_LET(
        const auto rows,
        tools.query("SELECT User, Host, " + role +
                    " FROM mysql.user WHERE NOT (Host = 'localhost' AND User IN ('mariadb.sys', "
                    "'mysql.sys', 'mysql.session', 'mysql.infoschema')) ORDER BY User, Host;\n"));
    std::vector<Account> accounts;
    for (const auto& row : rows)
        if (row.size() == 3) accounts.push_back({row[0], row[1], row[2] == "Y"});
    return accounts;
}

// Since 10.11 everyone is member of a role that cannot be made and is no quoted name.
std::string grantee(const Account& account) {
    return account.is_role && account.user == "PUBLIC" ? "PUBLIC" : account.quoted();
}

std::string questions(const std::vector<Account>& accounts, const Server& server) {
    // A hash of MySQL 8 holds any bytes; MariaDB takes such a comment for nothing.
    std::string sql = server.mariadb ? "" : "/*!80017 SET print_identified_with_as_hex=ON */;\n";
    for (const auto& account : accounts) {
        if (!account.is_role) sql += "SHOW CREATE USER " + account.quoted() + ";\n";
        sql += "SHOW GRANTS FOR " + grantee(account) + ";\n";
    }
    return sql;
}

// Every MariaDB begins with this grant of its own, to the host '', which no GRANT can write: played in, it
// would be there twice. Releases quote it differently.
bool is_of_every_server(std::string_view grant) {
    return grant.starts_with("GRANT PROXY ON ``@`%` TO `root`@`localhost`") ||
           grant.starts_with("GRANT PROXY ON ''@'%' TO 'root'@'localhost'");
}

std::size_t find_outside_quotes(std::string_view text, std::string_view words, std::size_t from) {
    char quote = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quote) {
            if (c == '\\' && quote == '\'') ++i;
            else if (c == quote) quote = 0;
        } else if (i >= from && text.substr(i).starts_with(words)) return i;
        else if (c == '\'' || c == '`') quote = c;
    }
    return text.npos;
}

}  // namespace

SplitUser split_default_role(std::string_view create_user) {
    constexpr std::string_view kRole = " DEFAULT ROLE ", kNext = " REQUIRE ";
    const auto at = find_outside_quotes(create_user, kRole, 0);
    if (at == create_user.npos) return {std::string(create_user), {}};
    const auto roles = at + kRole.size();
    const auto end = std::min(find_outside_quotes(create_user, kNext, roles), create_user.size());
    return {std::string(create_user.substr(0, at)) + std::string(create_user.substr(end)),
            std::string(create_user.substr(roles, end - roles))};
}

Result<std::string> accounts_sql(const Tools& tools, const Server& server) {
    BKT_LET(const auto accounts, ask_accounts(tools, server));
    BKT_LET(const auto rows, tools.query(questions(accounts, server)));
    std::string made, granted, defaults;
    for (const auto& account : accounts)
        if (account.is_role && account.user != "PUBLIC")
            made += "CREATE ROLE IF NOT EXISTS " + account.quoted() + ";\n";
    for (const auto& row : rows) {
        const std::string& said = row.front();
        if (said.starts_with("GRANT ") || said.starts_with("REVOKE ")) {
            if (!is_of_every_server(said)) granted += said + ";\n";
        } else if (said.starts_with("SET DEFAULT ROLE ")) {
            defaults += said + ";\n";
        } else if (said.starts_with(kCreateUser)) {
            const auto user = split_default_role(said);
            const std::string rest = user.statement.substr(kCreateUser.size());
            made += "CREATE USER IF NOT EXISTS " + rest + ";\nALTER USER " + rest + ";\n";
            const auto name_end = std::min(find_outside_quotes(rest, " ", 0), rest.size());
            if (!user.roles.empty())
                defaults +=
                    "SET DEFAULT ROLE " + user.roles + " TO " + rest.substr(0, name_end) + ";\n";
        } else {
            return Error{Code::unsupported,
                         "the server describes an account in words this version does not know"};
        }
    }
    return std::string(kAccountsBegin) + " of server " + server.version +
           "\nSET NAMES utf8mb4;\nSET SESSION sql_mode='';\n" + made + granted + defaults +
           "FLUSH PRIVILEGES;\n" + std::string(kAccountsEnd) + "\n";
}

std::string without_account(std::string_view sql, std::string_view account) {
    const auto at = account.rfind('@');
    const std::string own = identifier(account.substr(0, at)) + "@" +
                            identifier(at == account.npos ? "" : account.substr(at + 1));
    std::string kept;
    while (!sql.empty()) {
        const auto line = sql.substr(0, sql.find('\n'));
        sql.remove_prefix(std::min(sql.size(), line.size() + 1));
        if (line.find(own) == line.npos) (kept += line) += '\n';
    }
    return kept;
}

}  // namespace bkt::mysql
