// program_tar.hpp: one program as the tar that the container engine unpacks into a container.
#pragma once

#include <string>
#include <string_view>

#include "baktainer/result.hpp"

namespace bkt::docker {

// Mode 0755, root's. `name` has 99 bytes at most.
Result<std::string> tar_of_program(std::string_view name, std::string_view bytes);

}  // namespace bkt::docker
