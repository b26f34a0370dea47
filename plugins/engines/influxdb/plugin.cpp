// plugin.cpp: the one exported symbol of the "influxdb" engine.
#include "baktainer/plugin.hpp"

#include "plugins/engines/influxdb/influxdb_engine.hpp"

BKT_PLUGIN("baktainer.engine.influxdb", "0.1.0", "influxdb", bkt::influxdb::InfluxdbEngine)
