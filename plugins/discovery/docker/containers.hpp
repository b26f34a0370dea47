// containers.hpp: what the engine says of a container, as a target.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "baktainer/discovery.hpp"

namespace bkt::docker {

inline constexpr const char* kCloneLabel = "baktainer.clone-of";

// From GET /containers/ID/json. Code::unavailable when it does not look like one.
Result<FoundTarget> target_of(const nlohmann::json& inspected);
// compose "project/service", with "-N" for further replicas; else the container's name.
std::string display_name(const nlohmann::json& labels, std::string_view container_name);
// Does this container ask for anything of us? `labels` of a list entry; clones never do.
bool is_asking(const nlohmann::json& labels, bool opt_in);
// Whether image and environment may leave open what the container runs: it asks for a backup and no label
// says by which engine.
bool is_unnamed(const FoundTarget& target);
// The programs of an answer to GET /containers/ID/top?ps_args=-eo%20pid,comm, each once.
std::vector<std::string> programs_of(const nlohmann::json& top);
// The body that creates a new container like the inspected one (POST /containers/create): same image by
// digest, command, environment, limits and user-defined network; no ports, mounts or labels that make it
// somebody's.
nlohmann::json clone_body(const nlohmann::json& inspected);

}  // namespace bkt::docker
