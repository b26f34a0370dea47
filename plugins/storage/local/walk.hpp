// walk.hpp: visits files below the root in byte order of their keys.
#pragma once

#include <functional>
#include <string>

#include "plugins/storage/local/root.hpp"

namespace bkt::local {

struct Visitor {
    // A regular file; `folder` is the open folder it is in, `key` its path below the root.
    std::function<Status(int folder, const std::string& name, const std::string& key)> file;
    // After everything in folder `name` of `parent` was visited.
    std::function<Status(int parent, const std::string& name)> left_folder =
        [](int, const std::string&) -> Status { return {}; };
};

// Visits every regular file whose key starts with `prefix` (any text). Links, sockets and names that
// cannot be in a key are passed over; what vanishes meanwhile is not an error.
Status walk(const Root& root, const std::string& prefix, const Visitor& visitor);

}  // namespace bkt::local
