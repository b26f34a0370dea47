#include "core/target/label_set.hpp"

#include "core/config/label_table.hpp"

namespace bkt::target {

namespace {

constexpr std::string_view kPrefix = "baktainer.";
constexpr std::string_view kJobPrefix = "baktainer.job.";

}  // namespace

LabelSet labels_of(const Target& target) {
    LabelSet set;
    for (const auto& [label, value] : target.labels) {
        if (!label.starts_with(kPrefix)) continue;
        const auto rest = label.substr(kPrefix.size());
        const auto dot =
            label.starts_with(kJobPrefix) ? label.find('.', kJobPrefix.size()) : std::string::npos;
        if (dot == label.npos) {
            set.all[rest] = {label, std::string(kPrefix), value};
            continue;
        }
        const auto id = label.substr(kJobPrefix.size(), dot - kJobPrefix.size());
        set.of_job[id][label.substr(dot + 1)] = {label, label.substr(0, dot + 1), value};
    }
    return set;
}

std::string misspelt_wish(const LabelSet& labels) {
    for (const auto& [key, label] : labels.all)
        if (!config::find_label(key) && config::nearest_label(key) == "backup") return label.label;
    return {};
}

}  // namespace bkt::target
