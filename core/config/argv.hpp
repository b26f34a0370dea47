// config/argv.hpp: a command as users write it in one line, for a program that is run without a shell.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "baktainer/result.hpp"

namespace bkt::config {

inline constexpr std::size_t kMaxArgs = 256;

// A JSON array of texts, or words quoted as POSIX sh quotes them ('…', "…", \x). Nothing is expanded: what
// a shell would expand or act on ($, `, *, |, ;, >, …) is refused where it is not quoted, rather than
// passed on to a program that would see the character itself.
Result<std::vector<std::string>> parse_argv(std::string_view text);

// As one JSON array, the form in which engines get it.
std::string to_text(const std::vector<std::string>& argv);

}  // namespace bkt::config
