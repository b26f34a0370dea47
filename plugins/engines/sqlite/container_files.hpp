// container_files.hpp: dump and restore of database files inside a container, through the image's own
// sqlite3 tool.
//
// One constant shell script does each, the path being its "$1": it makes its own folder, removes it
// whatever happens, and speaks of its progress in exit codes that a path cannot forge.
#pragma once

#include "baktainer/engine.hpp"
#include "plugins/engines/sqlite/database_file.hpp"

namespace bkt::sqlite {

// Whether the image has what the scripts need.
Result<bool> has_container_tools(Call& call);

// False: it is sure that there is no such file; nothing was planned.
Result<bool> plan_container_file(Call& call, const DatabaseFile& file, Plan& plan);
Status dump_container_file(Call& call, const DatabaseFile& file, PartsOut& out);
// As restore_host_file(), as the container's own user.
Status restore_container_file(Call& call, const Source& source, const std::string& path,
                              bool clean);

}  // namespace bkt::sqlite
