// plugin.cpp: the one exported symbol of the "local" store.
#include "baktainer/plugin.hpp"

#include "plugins/storage/local/local_storage.hpp"

BKT_PLUGIN("baktainer.storage.local", "0.1.0", "local", bkt::local::LocalStorage)
