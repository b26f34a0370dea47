// plugin.cpp: the one exported symbol of the "redis" engine.
#include "baktainer/plugin.hpp"

#include "plugins/engines/redis/redis_engine.hpp"

BKT_PLUGIN("baktainer.engine.redis", "0.1.0", "redis", bkt::redis::RedisEngine)
