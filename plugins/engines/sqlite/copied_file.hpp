// copied_file.hpp: the copy of a live database in this machine's private folder, on its way into a part.
#pragma once

#include "baktainer/engine.hpp"
#include "plugins/engines/sqlite/database_file.hpp"
#include "plugins/engines/sqlite/online_backup.hpp"
#include "plugins/engines/sqlite/own_file.hpp"

namespace bkt::sqlite {

// A new path in the private folder; it and its file last as long as the result.
Result<std::unique_ptr<OwnFile>> place_for_copy(const Call& call);

// Streams the copy, which was checked, into `file`'s part and states what it holds.
Status send_copy(const Call& call, const std::string& copy, const Snapshot& snapshot,
                 const DatabaseFile& file, PartsOut& out);

}  // namespace bkt::sqlite
