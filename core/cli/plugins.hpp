// cli/plugins.hpp: the plugins as the verbs of `plugin` see them: found and judged, not loaded.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "baktainer/result.hpp"
#include "core/plugin/admit.hpp"
#include "core/plugin/worker/confinement.hpp"

namespace bkt::cli {

struct Survey {
    std::vector<plugin::Admission> admissions;
    std::vector<Error> problems;
};
Survey survey(const config::Settings& settings, const std::string& dev_path);

// What keeps the plugins in that run in workers, each sort asked for once.
class Confinements final {
public:
    explicit Confinements(std::string state_dir) : state_dir_(std::move(state_dir)) {}
    const Result<plugin::worker::Confinement>& of(bool trusted,
                                                  const std::vector<std::string>& needs);
    // nullptr: it does not run in a worker.
    const Result<plugin::worker::Confinement>* of(const plugin::Admission& a);

private:
    std::string state_dir_;
    std::map<std::pair<bool, bool>, Result<plugin::worker::Confinement>> found_;
};
// "full", "without landlock, seccomp", "none: it cannot run here".
std::string level_of(const Result<plugin::worker::Confinement>& found);
std::string joined(const std::vector<std::string>& words);

// The one of that id that counts. Code::not_found names the nearest.
Result<const plugin::Admission*> find_plugin(const Survey& survey, const std::string& id);

}  // namespace bkt::cli
