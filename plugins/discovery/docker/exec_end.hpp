// exec_end.hpp: ends a tool that runs in a container. The engine has no call for it, and a client that
// goes away leaves the tool running, so every tool is started with a mark in its environment, by which it
// is found: in this machine's /proc where the engine is local and we may look, else from inside.
#pragma once

#include "plugins/discovery/docker/api.hpp"

namespace bkt::docker {

inline constexpr const char* kMarkVariable = "BAKTAINER_EXEC_ID";

struct RunningExec {
    std::string id;  // of the exec
    std::string container;
    std::string user;  // it was started as; "" = the container's own
    std::string mark;  // value of kMarkVariable
};

// Does a process of this machine carry the mark? False also where the engine is elsewhere or we may not
// look, and for a process that is exiting.
bool is_running_here(const RunningExec& exec);

// SIGTERM, then SIGKILL after two seconds, and SIGKILL for children that outlive it. True once the engine
// says that it runs no more; false when it could not be ended within some ten seconds.
bool end_exec(Api& api, const RunningExec& exec);

}  // namespace bkt::docker
