// contents.hpp: whether a database holds anything of a user's, which a restore must not mix with or replace unasked.
#pragma once

#include <optional>
#include <string>

#include "plugins/engines/postgres/tools.hpp"

namespace bkt::postgres {

// No relation, function, type or schema outside the system's, no large object.
Result<bool> is_empty(const Tools& tools, const std::string& database);
// A table with rows, as SQL writes it. One that was emptied by DELETE still has its size.
Result<std::optional<std::string>> filled_table(const Tools& tools, const std::string& database);

}  // namespace bkt::postgres
