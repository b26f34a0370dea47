#include "core/run/temp_root.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <filesystem>

#include "core/base/random_id.hpp"

namespace bkt::run {

namespace fs = std::filesystem;

namespace {

UniqueFd locked(const std::string& dir) {
    UniqueFd fd(::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
    if (fd && ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) fd.reset();
    return fd;
}

}  // namespace

TempRoot::TempRoot(const std::string& state_dir) {
    const std::string root = state_dir + "/tmp";
    std::error_code ec;
    fs::create_directories(root, ec);
    for (const auto& entry : fs::directory_iterator(root, ec))
        if (const auto mine = locked(entry.path().string())) {
            std::error_code ignored;  // another user's: not ours to remove
            fs::remove_all(entry.path(), ignored);
        }
    path_ = root + "/" + base::random_id();
    ::mkdir(path_.c_str(),
            0711);  // isolated plugins run as another user; each folder below is 0700
    lock_ = locked(path_);
}

TempRoot::~TempRoot() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

}  // namespace bkt::run
