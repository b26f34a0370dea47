#include "core/cli/plugins.hpp"

#include "core/config/nearest.hpp"

namespace bkt::cli {

Survey survey(const config::Settings& settings, const std::string& dev_path) {
    Survey all;
    auto found = plugin::search(plugin::search_folders(settings, dev_path));
    all.problems = std::move(found.problems);
    const auto policy = plugin::Policy::from(settings, all.problems);
    all.admissions = plugin::admit_all(found, policy, all.problems);
    return all;
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
