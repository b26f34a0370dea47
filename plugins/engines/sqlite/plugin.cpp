// plugin.cpp: the one exported symbol of the "sqlite" engine.
#include "baktainer/plugin.hpp"

#include "plugins/engines/sqlite/sqlite_engine.hpp"

BKT_PLUGIN("baktainer.engine.sqlite", "0.1.0", "sqlite", bkt::sqlite::SqliteEngine)
