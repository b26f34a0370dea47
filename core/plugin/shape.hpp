// plugin/shape.hpp: a module in the shape this host knows.
//
// A plugin built with an older header brings shorter structs, one built with a newer header longer ones. The
// copy made here has every field of today: one the plugin's header had not is NULL or 0, as if it were there
// and not used (a module from before `needs` is granted what there was to use then). So callers ask a method
// for NULL, and never a table for its size; and methods a kind cannot do without are there.
#pragma once

#include "baktainer/abi/abi.h"
#include "baktainer/result.hpp"

namespace bkt::plugin {

// `theirs` passed check_module(). The copy lives until the process ends, as the module itself does. The table
// of a kind this host does not know stays as it is. Code::fault names the method that is missing.
Result<const bkt_module*> in_our_shape(const bkt_module& theirs);

}  // namespace bkt::plugin
