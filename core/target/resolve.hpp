// target/resolve.hpp: from what was found to what is to be done: labels over the configuration's
// defaults over what the image says over our own defaults. Pure: no I/O, no clock.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/config/settings.hpp"
#include "core/target/choose_engine.hpp"
#include "core/target/job.hpp"
#include "core/target/slug.hpp"

namespace bkt::target {

struct Rules {
    std::map<std::string, config::Value> defaults;  // of the configuration
    std::vector<std::string> engines;               // that exist
    std::vector<std::string> stores;                // that are configured
    bool opt_in = true;                             // of the source that found the target
    std::vector<std::string> secret_providers;      // that exist
    bool configured = true;  // false: any name will do for a store or a secrets provider
};

// The jobs of one target: at least one, unless it neither asks for a backup nor is recognised
// (`opt_in` false), or opts out. Anything wrong makes a job blocked, never a missing job.
std::vector<Job> resolve(std::shared_ptr<const Target> target,
                         const std::vector<Recognised>& recognised, const Rules& rules);

// Blocks all jobs that would be stored under one name: two targets must never share a folder.
void block_twins(std::vector<Job>& jobs);

}  // namespace bkt::target
