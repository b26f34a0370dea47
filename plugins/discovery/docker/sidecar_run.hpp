// sidecar_run.hpp: one tool run beside a container, in a short-lived one of the same image: for images that
// cannot run a shell, and for databases whose memory limit a dump must not eat into.
//
// It has the target's network and volumes, its environment and user, a cgroup of its own, no capabilities, no
// new privileges, a root file system it cannot write and a /tmp in memory. The engine keeps no log of it: its
// output is the dump. One that brings its program has it in its own root, which goes with it, and where it is root
// the capabilities to find a file and to become its owner.
#pragma once

#include "baktainer/discovery.hpp"
#include "plugins/discovery/docker/api.hpp"

namespace bkt::docker {

inline constexpr const char* kSidecarLabel = "baktainer.sidecar-of";

// The contract of bkt::Discovery::exec. What earlier, killed runs left of such containers is removed first.
Result<ExecOutcome> run_sidecar(Api& api, Call& call, const ExecRequest& request);

}  // namespace bkt::docker
