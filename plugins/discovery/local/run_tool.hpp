// run_tool.hpp: runs one tool of this machine to its end, moving its bytes.
//
// stdin comes from a source, stdout goes to a sink, the last 64 KiB of stderr are kept. A cancel, a
// deadline, a failing sink or source ends the tool's whole process group: SIGTERM, two seconds later
// SIGKILL. Its stdin stays open until it is dead, because an end of input would tell it that all came.
#pragma once

#include "baktainer/discovery.hpp"

namespace bkt::local_host {

// Blocks the calling thread. `request.target` is not looked at.
Result<ExecOutcome> run_tool(Call& call, const ExecRequest& request);

}  // namespace bkt::local_host
