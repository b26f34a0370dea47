// run/temp_root.hpp: one process's folder for temporary files. A lock in it tells the living from the
// dead: the next process removes what a killed one left.
#pragma once

#include <string>

#include "baktainer/unique_fd.hpp"

namespace bkt::run {

class TempRoot final {
public:
    // Below <state_dir>/tmp. Removes the folders of dead processes first.
    explicit TempRoot(const std::string& state_dir);
    ~TempRoot();
    TempRoot(const TempRoot&) = delete;
    TempRoot& operator=(const TempRoot&) = delete;
    const std::string& path() const { return path_; }

private:
    std::string path_;
    UniqueFd lock_;
};

}  // namespace bkt::run
