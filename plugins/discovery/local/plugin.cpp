// plugin.cpp: the one exported symbol of the "local" source.
#include "baktainer/plugin.hpp"

#include "plugins/discovery/local/local_discovery.hpp"

BKT_PLUGIN("baktainer.discovery.local", "0.1.0", "local", bkt::local_host::LocalDiscovery)
