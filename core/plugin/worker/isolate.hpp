// worker/isolate.hpp: makes the registry's components run in processes of their own.
#pragma once

#include "core/plugin/registry.hpp"
#include "core/plugin/worker/worker.hpp"

namespace bkt::plugin::worker {

// `program`: baktainer-plugin-host. Faults are told to `on_fault`. Starts nothing yet. The process that
// uses it ignores SIGPIPE.
Isolate isolate_with(
    std::string program, Limits limits,
    std::function<void(const std::string& module, const std::string& what)> on_fault);

// <folder of this program>/../lib/baktainer/baktainer-plugin-host.
std::string plugin_host_program();

}  // namespace bkt::plugin::worker
