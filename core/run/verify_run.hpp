// run/verify_run.hpp: reads a stored backup back: digests, layers, the engine's own validator.
#pragma once

#include "core/run/context.hpp"

namespace bkt::run {

// Verifies the copy `entry` names and notes the outcome in the catalogue. Code::corrupt, truncated or
// not_found (a part is missing) name the part. Emits verify.finished or verify.failed.
Status verify(Context& context, const catalog::Entry& entry);

}  // namespace bkt::run
