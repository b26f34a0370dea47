// recognise.hpp: MySQL's and MariaDB's images by name, and the variables by which they are set up.
#pragma once

#include "baktainer/engine.hpp"

namespace bkt::mysql {

enum class Flavour { mysql, mariadb };

// Scores the target for one of the two names, and gives the settings of both: a label may name either.
void recognise_target(Flavour wanted, const TargetView& target, Recognition& out);

}  // namespace bkt::mysql
