#include "twin.hpp"

BKT_PLUGIN("test.twin-a", "1.0.0", "twin-a", Twin)
