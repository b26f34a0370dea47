// config/yaml_file.hpp: one YAML file into Settings. Keeps yaml-cpp out of every other file.
#pragma once

#include <string>

#include "baktainer/result.hpp"
#include "core/config/settings.hpp"

namespace bkt::config {

// Later files win over earlier ones, key by key. Unknown keys are errors with the nearest known one.
Result<void> read_yaml(const std::string& file, Settings& into);
// Every *.yaml of `dir` in byte order; a missing folder is fine.
Result<void> read_fragments(const std::string& dir, Settings& into);

}  // namespace bkt::config
