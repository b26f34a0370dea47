// safety_backup.hpp: what engines need alike when plan() and dump() save what is there before a restore in place.
// docs/plugin-authoring.md says what such an instance may leave out.
#pragma once

#include <string>

#include "baktainer/call.hpp"

namespace bkt {

// Whether this instance was opened for one.
inline bool is_safety_backup(const Call& call) { return call.config("restore.safety") == "true"; }

// Warns of what is surely not there; `what` is such as "database 'shop'".
inline void say_gone(const Call& call, const std::string& what) {
    call.log_warning(what + " does not exist: nothing of it is saved before the restore");
}

}  // namespace bkt
