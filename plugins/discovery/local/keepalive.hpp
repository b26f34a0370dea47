// keepalive.hpp: has the kernel ask for the other end of a tool's TCP connections when nothing comes.
//
// A dump reads and says nothing: where its server's machine or container went away without a word, it would wait
// until the job's own time is up. Few dump tools can be told to ask, so it is set on their sockets from outside, by
// pidfd_getfd(2) (Linux 5.6), as a parent may unless kernel.yama.ptrace_scope forbids it: then nothing changes.
#pragma once

#include <sys/types.h>

#include <cstddef>

namespace bkt::local_host {

// A connection without a sign of life for two minutes from now is broken, and the tool told so. For all processes of the
// group. Returns on how many sockets it was set.
std::size_t keep_connections_alive(pid_t group);

}  // namespace bkt::local_host
