// accounts.hpp: accounts, roles and grants as statements that can be played into a server that has some of
// them already: those are altered to what the text says, passwords included, and keep what they have more.
//
// The tools' own ways differ between servers (MariaDB's --system=users, MySQL's --users since 9.x) and both
// stop at the first account that exists.
#pragma once

#include "plugins/engines/mysql/server.hpp"

namespace bkt::mysql {

inline constexpr std::size_t kMaxAccountsBytes = 64u << 20;

// The part's text. Needs Server::reads_accounts.
Result<std::string> accounts_sql(const Tools& tools, const Server& server);

// What of it can be played before there are databases: accounts and roles, and what they are granted, but for
// `account` ("root@localhost"), whose password may change only when nothing more is to be done with it.
std::string without_account(std::string_view sql, std::string_view account);

// "CREATE USER ... DEFAULT ROLE `r`@`%` REQUIRE ..." of MySQL in two: what ALTER USER takes too, and the roles,
// which can be set only when they have been granted.
struct SplitUser {
    std::string statement, roles;
};
SplitUser split_default_role(std::string_view create_user);

}  // namespace bkt::mysql
