// plugin_host/describe.hpp: `baktainer-plugin-host --describe LIBRARY [--output FILE]`.
#pragma once

#include <string>

namespace bkt::plugin_host {

// Prints the library's plugin.json, or writes it to `output` when that is not empty. Returns the exit
// code: 1 = the library is no plugin, or breaks a rule, which stderr says.
int describe(const std::string& library, const std::string& output);

}  // namespace bkt::plugin_host
