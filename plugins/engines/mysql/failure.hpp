// failure.hpp: what the clients' error texts mean to whoever reads the run's result.
#pragma once

#include "baktainer/exec.hpp"

namespace bkt::mysql {

// A failed tool's exit code and words as an error a caller can act on. Only the line that says it is
// quoted: a client may echo the statement too, and a statement may hold a password's hash.
Error explain(std::string_view tool, const ExecResult& result);
// explain() unless the tool exited 0.
Status succeeded(std::string_view tool, const ExecResult& result);

// The lines of `text` that report an error, and the number in "ERROR 1146 (42S02) ...", 0 = none.
std::vector<std::string> error_lines(std::string_view text);
int error_number(std::string_view line);

}  // namespace bkt::mysql
