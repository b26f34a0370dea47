// plugin_host/check.hpp: one case of the conformance suite against one library, in this process: what it
// breaks ends with it. Asked for over `socket` by `baktainer plugin check`.
#pragma once

#include "baktainer/unique_fd.hpp"

namespace bkt::plugin_host {

// Answers one message "list" ({components: [{kind, name, cases: [{level, name}]}]}) or "case" ({findings:
// [text]}), each with the library as descriptor. The process's exit code.
int check(UniqueFd socket);

}  // namespace bkt::plugin_host
