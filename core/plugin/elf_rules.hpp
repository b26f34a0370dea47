// plugin/elf_rules.hpp: what a plugin's file must be before it is loaded (the rules of
// baktainer_add_plugin, seen from the host).
#pragma once

#include <string>

#include "baktainer/result.hpp"
#include "core/plugin/elf.hpp"

namespace bkt::plugin {

// What the file says by itself: for this machine, exactly our entry symbols exported, nothing that makes
// it share or rewrite code. Code::invalid, or Code::unsupported for another machine or interface.
Status check_elf(const ElfFacts& facts);

// "libstdc++", "libc++", "both", or "none": C, or a runtime linked into the file.
std::string runtime_of(const ElfFacts& facts);

}  // namespace bkt::plugin
