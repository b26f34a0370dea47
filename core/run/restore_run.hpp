// run/restore_run.hpp: a stored backup back into use.
#pragma once

#include "core/run/context.hpp"

namespace bkt::run {

struct RestoreOptions {
    std::string to;             // "" or "new-container", "file:DIR", or a target's name (in place)
    std::string database;       // only this one; "" = all
    std::string into_database;  // under this name; "" = its own
    std::string part;           // only this part; "" = all
    bool confirmed = false;     // in place replaces data
};

struct RestoreOutcome {
    std::string where;  // "container web-db-restore-k3…", "files in /tmp/x", "target web-db"
    std::string
        safety_backup;  // id of the backup taken first; in place only, "" = nothing was there
    std::uint64_t plain_bytes = 0;
    bool nothing_to_save = false;  // in place, and the engine was sure that nothing was there
};

// Default: a new container beside the old one, from the same image, removed again when the restore
// fails. In place: needs `confirmed`, verifies the stored bytes, has the engine refuse what it can, and takes a
// safety backup of all it replaces before it touches anything; without one it goes on only where the engine is
// sure that nothing is there. Emits restore.started, then restore.finished or restore.failed.
Result<RestoreOutcome> restore(Context& context, const catalog::Entry& entry,
                               const RestoreOptions& options);

}  // namespace bkt::run
