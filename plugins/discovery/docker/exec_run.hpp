// exec_run.hpp: one tool run in a container. Its output comes by a FIFO where there can be one, everything else by
// the engine's attached stream.
#pragma once

#include "baktainer/discovery.hpp"
#include "plugins/discovery/docker/transport.hpp"

namespace bkt::docker {

// The contract of bkt::Discovery::exec. Success means: the stream ended between frames, and the engine
// says that the tool runs no more and how it exited.
Result<ExecOutcome> run_exec(Api& api, Call& call, const ExecRequest& request, Transport transport);

}  // namespace bkt::docker
