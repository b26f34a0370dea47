// recipe.hpp: how to restore without Baktainer, as shell lines for the server's own programs.
#pragma once

#include <string>
#include <vector>

namespace bkt::redis {

// For parts lying as plain files in the current folder. Runs as written by `sh -e`, the server stopped, with
// DATA naming its data folder.
std::string restore_recipe(const std::vector<std::string>& parts);

}  // namespace bkt::redis
