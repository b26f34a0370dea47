// place.hpp: whether a path is the target's too, and whose.
#pragma once

#include <string>

#include "baktainer/result.hpp"

namespace bkt::sqlite::beside {

// Beside a container only its volumes are its own: everything else is the image's state of old, or memory that
// goes with this process. Code::unsupported unless `path` lies on one; unavailable when its folder is not there.
// `mounts`: as /proc/self/mountinfo has it.
Status check_volume(const std::string& path, const std::string& mounts);

// As root: becomes the owner of `path`, or of its folder where there is no such file, so that what SQLite makes
// beside a database is its application's. Any other user stays who it is.
Status become_owner(const std::string& path);

}  // namespace bkt::sqlite::beside
