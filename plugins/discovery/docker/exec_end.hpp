// exec_end.hpp: ends a tool that runs in a container. The engine has no call for it, and a client that
// goes away leaves the tool running, so every tool is started with a mark in its environment, by which it
// is found: in this machine's /proc where the engine is local and we may look, else from inside.
#pragma once

#include "baktainer/exec.hpp"
#include "baktainer/unique_fd.hpp"
#include "plugins/discovery/docker/api.hpp"

namespace bkt::docker {

struct RunningExec {
    std::string id;  // of the exec; "" = the container is the tool's own
    std::string container;
    std::string user;  // it was started as; "" = the container's own
    std::string mark;  // value of kExecMark
};

// Does a process of this machine carry the mark? False also where the engine is elsewhere or we may not
// look, and for a process that is exiting.
bool is_running_here(const RunningExec& exec);

// Whether its main process has ended, or may have, though the engine may not say so yet. Any thread, one at a time.
class EndWatch final {
public:
    EndWatch(Api& api, const RunningExec& exec) : api_(api), exec_(exec) {}
    bool has_ended();

private:
    bool engine_says_ended();

    Api& api_;
    const RunningExec exec_;
    std::vector<UniqueFd> here_;  // its processes, where they can be seen
    bool is_elsewhere_ = false;
    std::string pid_;  // as the engine numbers it
    std::chrono::steady_clock::time_point ask_again_{};
};

// Of the state of an exec or of a container, as the engine tells it: the main process, as the engine numbers it;
// "" = there is none yet.
std::string pid_of(const nlohmann::json& state);

// Whether no process of the container has that number, as the engine sees them: "" = any process. One that
// waits for its parent to hear of its end counts for nothing. An engine that does not answer is taken for
// one that says so.
bool is_gone_from(Api& api, const std::string& container, const std::string& pid);

// SIGTERM, then SIGKILL after two seconds, and SIGKILL for children that outlive it. True once the engine
// says that it runs no more; false when it could not be ended within some ten seconds.
bool end_exec(Api& api, const RunningExec& exec);

// A new mark.
std::string random_mark();

}  // namespace bkt::docker
