#include "core/target/check_labels.hpp"

#include <algorithm>

namespace bkt::target {

namespace {

constexpr const char* kWish = "baktainer.backup";

void add(std::vector<LabelFinding>& all, LabelFinding one) {
    // A bare label is at fault in every job, and is told once.
    if (!one.finding.label.starts_with("baktainer.job.")) one.job.clear();
    if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(std::move(one));
}

}  // namespace

std::vector<LabelFinding> check_labels(const Target& target,
                                       const std::vector<Recognised>& recognised,
                                       const Rules& rules) {
    if (target.labels.empty()) return {};
    std::vector<LabelFinding> all;
    auto jobs = resolve(std::make_shared<const Target>(target), recognised, rules);
    if (jobs.empty()) {
        auto wishing = std::make_shared<Target>(target);
        if (wishing->labels.count(kWish) == 0)
            add(all, {false,
                      "",
                      {"there are labels, but without 'baktainer.backup' there is no backup",
                       "add baktainer.backup=true, or remove them", target.labels.begin()->first}});
        wishing->labels[kWish] = "true";
        jobs = resolve(wishing, recognised, rules);
    }
    for (const auto& job : jobs) {
        for (const auto& finding : job.errors) add(all, {true, job.id, finding});
        for (const auto& finding : job.warnings) add(all, {false, job.id, finding});
    }
    return all;
}

}  // namespace bkt::target
