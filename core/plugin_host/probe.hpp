// plugin_host/probe.hpp: closes the sandbox with no plugin to come, to tell which layers stand here.
#pragma once

#include "baktainer/unique_fd.hpp"

namespace bkt::plugin_host {

// Answers the one question that comes over `socket`. The exit code of the process.
int probe(UniqueFd socket);

}  // namespace bkt::plugin_host
