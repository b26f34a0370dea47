// plugin_host/sandbox.hpp: what this process gives up before a stranger's code runs in it.
//
// No layer is the only one: what the kernel or a container around us refuses is left out, and the answer
// says which layers stand, so that `plugin list` can show it.
#pragma once

#include <string>

#include "baktainer/result.hpp"

namespace bkt::plugin_host {

// Once, on the first thread that loads. Afterwards: no new privileges, bounded memory and descriptors, no
// core file; system calls that no plugin needs fail; unless `trusted`, files can only be read below system
// folders and written below `temp_dir` ("" = nowhere), and root's rights are given up.
// "no_new_privs rlimits seccomp landlock user", as far as each was granted.
Result<std::string> close_sandbox(const std::string& temp_dir, bool trusted);

// After the library is loaded: no other process may read this one's memory, and no core file holds it.
void hide_memory();

}  // namespace bkt::plugin_host
