// container_root.hpp: a running container's files as this machine's root sees them, through its first process.
#pragma once

#include <sys/types.h>

#include <string>

#include "baktainer/result.hpp"
#include "baktainer/unique_fd.hpp"

namespace bkt::docker {

class ContainerRoot final {
public:
    // `id` in full, `pid` as the engine numbers it. Code::unsupported, with the reason for people, where that is no
    // process of this container here (the engine is on another machine, or we are in a container ourselves), or we
    // may not look. The process is known by its control group, whose name holds the id.
    static Result<ContainerRoot> open(const std::string& id, pid_t pid);

    // `path` without a leading '/'. Symbolic links lead nowhere out of the container. Invalid when there is none.
    UniqueFd at(const char* path, int flags) const;

private:
    explicit ContainerRoot(UniqueFd root) : root_(std::move(root)) {}
    UniqueFd root_;
};

}  // namespace bkt::docker
