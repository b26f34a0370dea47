// beside_files.hpp: dump and restore of database files in a container whose image has no sqlite3, by a program
// of ours that runs beside it, with its volumes.
//
// It takes SQLite's own locks, which the kernel keeps for the file and not for the container. A dump is sent page
// by page and becomes a file here, so it takes no room there.
#pragma once

#include "baktainer/engine.hpp"
#include "plugins/engines/sqlite/database_file.hpp"

namespace bkt::sqlite {

// False: it is sure that there is no such file; nothing was planned.
Result<bool> plan_beside_file(Call& call, const DatabaseFile& file, Plan& plan);
Status dump_beside_file(Call& call, const DatabaseFile& file, PartsOut& out);
// As restore_host_file(), as the container's own user or, where that is root, as the owner of the file there or of
// its folder.
Status restore_beside_file(Call& call, const Source& source, const std::string& path, bool clean);

// What the program says, by its verbs: see beside/main.cpp.
namespace beside {
inline constexpr int kToldExit = 64;  // it failed and said why
inline constexpr std::string_view kErrorMark = "baktainer-error ";
}  // namespace beside

}  // namespace bkt::sqlite
