#include "core/catalog/job_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace bkt::catalog {

std::vector<JobName> known_jobs(const std::string& state_dir) {
    std::vector<JobName> jobs;
    std::error_code ec;
    for (const auto& file : std::filesystem::directory_iterator(state_dir + "/locks", ec)) {
        const auto name = file.path().stem().string();
        if (const auto at = name.find('@'); at != name.npos && file.path().extension() == ".lock")
            jobs.push_back({name.substr(0, at), name.substr(at + 1)});
    }
    return jobs;
}

Result<JobLock> JobLock::acquire(const std::string& state_dir, const std::string& target,
                                 const std::string& job) {
    const std::string dir = state_dir + "/locks";
    std::error_code ec;
    std::filesystem::create_directories(dir, ec);
    // '@' is in no slug, so no two jobs share a file.
    const std::string path = dir + "/" + target + "@" + job + ".lock";
    UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd)
        return Error{Code::denied, "cannot open the lock '" + path + "': " + std::strerror(errno),
                     "set state_dir to a folder you may write to"};
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0)
        return Error{Code::conflict,
                     "another process is running job '" + job + "' of '" + target + "'",
                     "wait until it is done, or end it"};
    return JobLock(std::move(fd));
}

}  // namespace bkt::catalog
