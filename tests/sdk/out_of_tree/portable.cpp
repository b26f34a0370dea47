#include "twin.hpp"

BKT_PLUGIN("test.portable", "1.0.0", "portable", Twin)
