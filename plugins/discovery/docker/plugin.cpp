#include <baktainer/plugin.hpp>

#include "plugins/discovery/docker/docker_discovery.hpp"

BKT_PLUGIN("baktainer.discovery.docker", "0.1.0", "docker", bkt::docker::DockerDiscovery)
