// settings.hpp: the commands a job names, checked.
//
// A command is a JSON array of words and is run as it stands: no shell, nothing expanded. A job must say
// how a whole dump is told from a cut one: by `command.end-marker`, by `command.validate`, or by both.
#pragma once

#include <string>
#include <vector>

#include "baktainer/call.hpp"

namespace bkt::custom {

using Argv = std::vector<std::string>;

struct Settings {
    Argv command;
    Argv validate;           // empty = none
    Argv restore;            // empty = none
    std::string end_marker;  // the very bytes; empty = none

    // From the instance's config. Code::invalid names the key.
    static Result<Settings> load(const Call& call);
};

// "\n", "\r", "\t", "\\" and "\xHH" of a label as the bytes they stand for: a label holds no line end, and a
// text dump rarely ends without one. Any other backslash is refused.
Result<std::string> unescaped(std::string_view text);

}  // namespace bkt::custom
