// plugin/module.hpp: a plugin's library loaded, and its module looked at.
#pragma once

#include <string>

#include "baktainer/abi/abi.h"
#include "baktainer/result.hpp"

namespace bkt::plugin {

// Loads the library `path` (absolute) with all symbols resolved at once and none offered to others, asks
// its entry, and checks what it returned against the rules of abi.h. What is given back has the shape of
// this host's headers, whatever the plugin was built with (shape.hpp). Never unloaded: thread-local
// destructors, atexit handlers and handed-out tables would outlive the code. The file was checked
// before (elf_rules.hpp). [control thread]
Result<const bkt_module*> load_module(const std::string& path);

// The rules alone. Code::fault names the rule that was broken, Code::unsupported a module that needs more
// than this host has.
Status check_module(const bkt_module* module);

}  // namespace bkt::plugin
