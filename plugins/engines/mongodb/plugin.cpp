// plugin.cpp: the one exported symbol of the "mongodb" engine.
#include "baktainer/plugin.hpp"

#include "plugins/engines/mongodb/mongodb_engine.hpp"

BKT_PLUGIN("baktainer.engine.mongodb", "0.1.0", "mongodb", bkt::mongodb::MongodbEngine)
