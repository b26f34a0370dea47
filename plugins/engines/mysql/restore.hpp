// restore.hpp: puts parts into a server: waits for it, then accounts, each database, and the grants again.
//
// A database that holds anything is never touched unless "restore.clean" says so; one that could not be
// restored to its end is dropped again, lest an application find half of it. Of a part that holds some tables
// only, those replace the ones there, and the others stay; rows that would be lost or mixed are a refusal.
#pragma once

#include "baktainer/engine.hpp"
#include "plugins/engines/mysql/tools.hpp"

namespace bkt::mysql {

Status restore_parts(const Tools& tools, PartsIn& in);

// Waits until the server answers and is the real one: while an official image sets itself up, it runs a
// temporary server that listens on the socket only.
Status wait_until_ready(const Tools& tools);

}  // namespace bkt::mysql
