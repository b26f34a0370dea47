#include "core/cli/plugins.hpp"

#include <algorithm>
#include <filesystem>

#include "baktainer/abi/services/temp.h"
#include "core/config/nearest.hpp"
#include "core/plugin/worker/isolate.hpp"

namespace bkt::cli {

Survey survey(const config::Settings& settings, const std::string& dev_path) {
    Survey all;
    auto found = plugin::search(plugin::search_folders(settings, dev_path));
    all.problems = std::move(found.problems);
    const auto policy = plugin::Policy::from(settings, all.problems);
    all.admissions = plugin::admit_all(found, policy, all.problems);
    return all;
}

namespace {

// Where an instance's folder would be: below what there is by now of the way to it.
std::string future_folder(const std::string& state_dir) {
    std::filesystem::path at = std::filesystem::path(state_dir) / "tmp";
    std::error_code ec;
    while (at.has_relative_path() && !std::filesystem::exists(at, ec)) at = at.parent_path();
    return (at / "plugin").string();
}

}  // namespace

const Result<plugin::worker::Confinement>& Confinements::of(bool trusted,
                                                            const std::vector<std::string>& needs) {
    const bool with_folder = std::find(needs.begin(), needs.end(), BKT_SERVICE_TEMP) != needs.end();
    const std::pair sort(trusted, with_folder);
    auto found = found_.find(sort);
    if (found == found_.end())
        found = found_
                    .emplace(sort, plugin::worker::find_confinement(
                                       plugin::worker::plugin_host_program(), trusted,
                                       with_folder ? future_folder(state_dir_) : ""))
                    .first;
    return found->second;
}

const Result<plugin::worker::Confinement>* Confinements::of(const plugin::Admission& a) {
    if (a.state == plugin::State::off || a.isolation != plugin::Isolation::worker) return nullptr;
    return &of(a.trust == plugin::Trust::builtin, a.manifest.needs);
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

std::string level_of(const Result<plugin::worker::Confinement>& found) {
    if (!found) return "none: it cannot run here";
    return found->is_full() ? "full" : "without " + joined(found->missing);
}

Result<const plugin::Admission*> find_plugin(const Survey& survey, const std::string& id) {
    std::vector<std::string_view> known;
    for (const auto& a : survey.admissions) {
        if (a.manifest.id == id) return &a;  // the first: it shadows the others
        known.push_back(a.manifest.id);
    }
    const auto near = config::nearest(id, known);
    return Error{Code::not_found, "no plugin '" + id + "'",
                 near.empty() ? "`baktainer plugin list` shows those there are"
                              : "did you mean '" + near + "'?"};
}

}  // namespace bkt::cli
