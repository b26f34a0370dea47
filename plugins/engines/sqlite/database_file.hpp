// database_file.hpp: the files that "db.name" names, and the part each becomes.
//
// A path is text from a label. It may be anything and ends up in an argv, never in SQL, a dot-command
// or a shell line; what no path can be is refused here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "baktainer/result.hpp"

namespace bkt::sqlite {

inline constexpr std::size_t kMaxPathBytes = 4095;  // PATH_MAX less its NUL
inline constexpr std::size_t kMaxFiles = 1000;
inline constexpr std::string_view kMediaType = "application/vnd.sqlite3";

struct DatabaseFile {
    std::string path;  // absolute
    std::string part;  // "notes.db" -> "notes.db.sqlite"
};

// A comma-separated list of absolute paths. Two files of one base name get parts "x.sqlite" and
// "x-2.sqlite" in the order of the list. Code::invalid says which entry and why.
Result<std::vector<DatabaseFile>> parse_files(std::string_view list);

// Code::not_found: the folder is there, and nothing of that name is in it.
Error no_file(const std::string& path);

// Code::invalid unless `path` is one absolute path without line breaks or NUL.
Status check_path(std::string_view path);

}  // namespace bkt::sqlite
