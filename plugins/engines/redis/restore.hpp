// restore.hpp: puts a backup into a running server, by replication.
//
// No command loads an RDB file into a running server, and to stop it ends the container. So a second server is
// started beside it in the container, which loads the file (a wrong version or a damaged file is refused there,
// nothing touched yet); the real server becomes its replica, which replaces its data, persists them as it is
// configured to, and is promoted again. A server with keys or functions is refused unless "restore.clean".
//
// Whatever happens, the server is set back to be a master with its own settings; the next restore also does so
// for one that was killed. A restore that fails during the replacement leaves the server without its old data.
//
// Users (acl.txt) are checked and not restored: a restore of data does not decide who may enter.
#pragma once

#include "baktainer/engine.hpp"
#include "plugins/engines/redis/server.hpp"
#include "plugins/engines/redis/tools.hpp"

namespace bkt::redis {

// Refuses what restore_parts() would refuse of this server, before a safety backup is taken of it.
Status check_restore(const Tools& tools, const Server& server);

Status restore_parts(Tools& tools, PartsIn& in);

}  // namespace bkt::redis
