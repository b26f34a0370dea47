// plugin.cpp: the one exported symbol of the "custom" engine.
#include "baktainer/plugin.hpp"

#include "plugins/engines/custom/custom_engine.hpp"

BKT_PLUGIN("baktainer.engine.custom", "0.1.0", "custom", bkt::custom::CustomEngine)
