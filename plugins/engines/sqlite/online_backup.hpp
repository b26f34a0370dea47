// online_backup.hpp: SQLite's Online Backup API as two verbs: copy a live database out, put one back.
#pragma once

#include <string>

#include "plugins/engines/sqlite/connection.hpp"

namespace bkt::sqlite {

// What the copied state was.
struct Snapshot {
    std::string page_count, page_size, user_version, journal_mode;
    std::string sqlite_version;  // of the library that read it
};

// Copies the live database `from` (read-only) into the new file `to`. One read transaction is held for
// the whole copy, so that it is one committed state: with a write-ahead log writers go on meanwhile;
// with a rollback journal their commits wait.
Result<Snapshot> copy_out(const Call& call, const std::string& from, const std::string& to);

// The same through `vfs`, which makes of `to` what it likes; the copy is not checked.
Result<Snapshot> copy_out_through(const Call& call, const std::string& from, const std::string& to,
                                  const char* vfs);

// Replaces the content of the live database `to` by that of `from`, in one transaction that open
// connections see as any other change.
Status copy_over(const Call& call, const std::string& from, const std::string& to);

}  // namespace bkt::sqlite
