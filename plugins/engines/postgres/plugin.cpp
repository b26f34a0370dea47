// plugin.cpp: the one exported symbol of the "postgres" engine.
#include "baktainer/plugin.hpp"

#include "plugins/engines/postgres/postgres_engine.hpp"

BKT_PLUGIN("baktainer.engine.postgres", "0.1.0", "postgres", bkt::postgres::PostgresEngine)
