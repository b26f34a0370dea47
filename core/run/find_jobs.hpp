// run/find_jobs.hpp: asks every discovery source and engine, and resolves what there is to do.
#pragma once

#include "core/run/context.hpp"
#include "core/target/resolve.hpp"

namespace bkt::run {

struct FoundJobs {
    std::vector<target::Job> jobs;  // by name; blocked ones too
    bool source_failed = false;     // told by source.unreachable; others may have answered
};

FoundJobs find_jobs(Context& context);

// What the configuration and the plugins say to every target of one source.
target::Rules rules_of(const Context& context, bool opt_in);

// Of `jobs`, those that the words name: a target, a target.job, a container id. Code::not_found names the
// first word that is none, with the nearest there is.
Result<std::vector<target::Job>> pick_jobs(const std::vector<target::Job>& jobs,
                                           const std::vector<std::string>& words);

}  // namespace bkt::run
