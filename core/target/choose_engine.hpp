// target/choose_engine.hpp: which engine a job is for, and what its image says once that is known.
#pragma once

#include <string>
#include <vector>

#include "core/target/job.hpp"

namespace bkt::target {

// What one engine said of a target.
struct Recognised {
    std::string engine;
    unsigned score = 0;  // 0 = not mine, 100 = certain
    std::string reason;
    std::map<std::string, Setting> settings;
    std::uint32_t modes = 1;  // BKT_MODE_*
};

// The one a label or default asks for, by its name or another one it goes by; else the one that is surest.
void choose_engine(Job& job, const std::vector<Recognised>& recognised,
                   const std::vector<std::string>& engines);

// The image's own conventions, below what anybody wrote and above our defaults. What is out of bounds blocks, as it would
// in a label: an environment is a stranger's text too.
void apply_recognised(Job& job, const std::vector<Recognised>& recognised);

}  // namespace bkt::target
