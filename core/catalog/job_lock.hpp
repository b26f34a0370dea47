// catalog/job_lock.hpp: no two processes of this host run the same job. The kernel drops the lock when
// its holder dies, however it dies.
#pragma once

#include <compare>
#include <string>
#include <vector>

#include "baktainer/result.hpp"
#include "baktainer/unique_fd.hpp"

namespace bkt::catalog {

struct JobName {
    std::string target, job;
    auto operator<=>(const JobName&) const = default;
};
// Every job that ever ran with this state_dir.
std::vector<JobName> known_jobs(const std::string& state_dir);

class JobLock final {
public:
    // Code::conflict when another process (or another run of this one) holds it.
    static Result<JobLock> acquire(const std::string& state_dir, const std::string& target,
                                   const std::string& job);

private:
    explicit JobLock(UniqueFd fd) : fd_(std::move(fd)) {}
    UniqueFd fd_;
};

}  // namespace bkt::catalog
