#include "twin.hpp"

BKT_PLUGIN("test.twin-b", "1.0.0", "twin-b", Twin)
