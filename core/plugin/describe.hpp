// plugin/describe.hpp: the manifest of a library, from the library itself.
#pragma once

#include <string>

#include "baktainer/abi/abi.h"
#include "baktainer/result.hpp"
#include "core/plugin/elf.hpp"
#include "core/plugin/manifest.hpp"
#include "core/plugin/sealed_file.hpp"

namespace bkt::plugin {

// What the module says; the fields about its file stay empty. `module` passed check_module().
// Code::fault when a text of it is not UTF-8, or a schema is not a JSON object.
Result<Manifest> describe_module(const bkt_module& module);

// Adds what the file says.
void describe_file(Manifest& manifest, const std::string& lib, const SealedFile& file,
                   const ElfFacts& facts);

// Opens, checks (elf_rules.hpp) and loads the library `path` into this process.
Result<Manifest> describe_library(const std::string& path);

// Whether a loaded module is the one its manifest describes. Code::fault names the field that differs.
Status check_described(const bkt_module& module, const Manifest& manifest);

}  // namespace bkt::plugin
