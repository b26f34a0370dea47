// recipe.hpp: how to restore without Baktainer, as shell lines for PostgreSQL's own programs.
#pragma once

#include <string>
#include <vector>

namespace bkt::postgres {

// For parts lying as plain files in the current folder. Runs as written by `sh -e` against a server that
// PGHOST and so on point at; databases of the same name are replaced.
std::string restore_recipe(const std::string& user, const std::vector<std::string>& parts);

}  // namespace bkt::postgres
