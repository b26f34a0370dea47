// target/choose_mode.hpp: where a job's tools run: in the container, beside it, or on this machine.
#pragma once

#include "core/target/choose_engine.hpp"

namespace bkt::target {

// Puts exec, sidecar or remote in place of auto, and says why; adds the db.host the mode implies. A mode the
// engine does not offer blocks. After apply_recognised().
void choose_mode(Job& job, const std::vector<Recognised>& recognised);

}  // namespace bkt::target
