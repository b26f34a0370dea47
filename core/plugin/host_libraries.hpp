// plugin/host_libraries.hpp: whether this host has the libraries a plugin needs, and new enough ones.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "baktainer/result.hpp"
#include "core/plugin/elf.hpp"

namespace bkt::plugin {

// The file the dynamic loader would take for `name`: one that is loaded already, else in `run_path`, in
// the loader's own folders, or in those of /etc/ld.so.conf.
std::optional<std::string> find_library(const std::string& name,
                                        const std::vector<std::string>& run_path);

// Every needed library is there and defines the versions asked of it; every folder of the run path may be
// written by root and this user alone. Loads nothing.
Status check_host(const ElfFacts& facts);

}  // namespace bkt::plugin
