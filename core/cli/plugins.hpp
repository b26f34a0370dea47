// cli/plugins.hpp: the plugins as the verbs of `plugin` see them: found and judged, not loaded.
#pragma once

#include <string>
#include <vector>

#include "baktainer/result.hpp"
#include "core/plugin/admit.hpp"

namespace bkt::cli {

struct Survey {
    std::vector<plugin::Admission> admissions;
    std::vector<Error> problems;
};
Survey survey(const config::Settings& settings, const std::string& dev_path);

// The one of that id that counts. Code::not_found names the nearest.
Result<const plugin::Admission*> find_plugin(const Survey& survey, const std::string& id);

}  // namespace bkt::cli
