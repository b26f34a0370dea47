// worker/confinement.hpp: what keeps an isolated plugin in on this machine, found out without running any
// plugin: a process of the same program closes the same sandbox, says which layers stand, and ends.
#pragma once

#include <string>
#include <vector>

#include "baktainer/result.hpp"

namespace bkt::plugin::worker {

// Layers by their short names, in the order they are closed: "user" (root's rights are given up),
// "no_new_privs", "rlimits", "landlock" (files), "seccomp" (system calls).
struct Confinement {
    std::vector<std::string> layers;
    std::vector<std::string>
        missing;  // the kernel, or what Baktainer itself runs in, refused these
    bool is_full() const { return missing.empty(); }
};

// `trusted`: a built-in, which keeps its user and its files. `temp_dir`: where the plugin's folder would
// be made; it need not be there; "" = it needs none. An error: plugins of that sort cannot run here at
// all, and why.
Result<Confinement> find_confinement(const std::string& program, bool trusted,
                                     const std::string& temp_dir);

// How to get the layer `name`, in one sentence.
std::string remedy_for(const std::string& name);

}  // namespace bkt::plugin::worker
