// base/random_id.hpp: names nobody has to coordinate.
#pragma once

#include <string>

namespace bkt::base {

// 12 characters of [a-z2-7]: 60 random bits from the kernel.
std::string random_id();

}  // namespace bkt::base
