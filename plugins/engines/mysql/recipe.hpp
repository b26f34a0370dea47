// recipe.hpp: how to restore the parts by hand.
#pragma once

#include <string>
#include <vector>

#include "plugins/engines/mysql/recognise.hpp"

namespace bkt::mysql {

std::string restore_recipe(Flavour flavour, const std::string& user,
                           const std::vector<std::string>& parts);

}  // namespace bkt::mysql
