// restore.hpp: puts archives into a server: waits for it, then mongorestore.
//
// A database that holds anything is never touched unless "restore.clean" says so: mongorestore would merge.
#pragma once

#include "baktainer/engine.hpp"
#include "plugins/engines/mongodb/tools.hpp"

namespace bkt::mongodb {

Status restore_parts(const Tools& tools, PartsIn& in);

}  // namespace bkt::mongodb
