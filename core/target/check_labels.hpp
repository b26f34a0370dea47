// target/check_labels.hpp: what is wrong with labels, said before any container wears them. What it says is
// what resolve() says.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/target/resolve.hpp"

namespace bkt::target {

struct LabelFinding {
    bool error = false;  // else a warning
    std::string job;     // "" = all jobs of the target
    Finding finding;
    bool operator==(const LabelFinding&) const = default;
};

// Labels without a wish for a backup are checked as if there were one, and that is a warning.
std::vector<LabelFinding> check_labels(const Target& target,
                                       const std::vector<Recognised>& recognised,
                                       const Rules& rules);

}  // namespace bkt::target
