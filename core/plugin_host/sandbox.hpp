// plugin_host/sandbox.hpp: what this process gives up before a stranger's code runs in it.
//
// No layer is the only one: what the kernel or a container around us refuses is left out, and the answer
// says which layers stand, so that `plugin list` can show it.
#pragma once

#include <map>
#include <string>

#include "baktainer/result.hpp"
#include "baktainer/unique_fd.hpp"

namespace bkt::plugin_host {

// Once, on the first thread that loads. Afterwards: no new privileges, bounded memory and descriptors, no
// core file; system calls that no plugin needs fail; unless `trusted`, files can only be read below system
// folders and written below `temp_dir` ("" = nowhere), and root's rights are given up.
// "no_new_privs rlimits seccomp landlock user", as far as each was granted.
Result<std::string> close_sandbox(const std::string& temp_dir, bool trusted);

// Each refused system call waits at `listener` (seccomp_unotify(2)) for who refuses it; `names` says what its
// number means.
struct WatchedCalls {
    UniqueFd listener;
    std::map<int, std::string> names;
};
// Instead of the sandbox, where a plugin is judged rather than used: what it would refuse is told. Holds for
// this thread and what it starts, children too. Once, while there is one thread. Code::unsupported.
Result<WatchedCalls> watch_calls();

// After the library is loaded: no other process may read this one's memory, and no core file holds it.
void hide_memory();

}  // namespace bkt::plugin_host
