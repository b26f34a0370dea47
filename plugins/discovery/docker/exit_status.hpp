// exit_status.hpp: how a tool ended, asked of the engine once the tool's stream is over.
#pragma once

#include "plugins/discovery/docker/exec_end.hpp"
#include "plugins/discovery/docker/wait.hpp"

namespace bkt::docker {

// Asks until the engine knows. A stream that ended while the tool runs was cut, and the tool may yet end well, its
// last bytes lost: a tool that is seen running, here or by the engine, is truncated (cut()). One that is not is
// waited for, a minute at most: an engine hears of an end later than the stream does, and much later when it is busy.
Result<int> exit_code_of(Api& api, const RunningExec& exec, const Wait& wait);

}  // namespace bkt::docker
