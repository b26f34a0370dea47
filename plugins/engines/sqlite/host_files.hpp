// host_files.hpp: dump and restore of database files of this machine, through libsqlite3.
#pragma once

#include "baktainer/engine.hpp"
#include "plugins/engines/sqlite/database_file.hpp"

namespace bkt::sqlite {

// False: it is sure that there is no such file; nothing was planned.
Result<bool> plan_host_file(Call& call, const DatabaseFile& file, Plan& plan);
Status dump_host_file(Call& call, const DatabaseFile& file, PartsOut& out);
// Puts `source` at `path`. An existing file is refused (Code::exists) unless `clean`; then its content
// is replaced in one transaction, and open connections go on.
Status restore_host_file(Call& call, const Source& source, const std::string& path, bool clean);

}  // namespace bkt::sqlite
