#include "core/target/choose_engine.hpp"

#include <algorithm>

#include "core/config/label_value.hpp"
#include "core/config/nearest.hpp"

namespace bkt::target {

namespace {

bool is_there(const std::vector<std::string>& engines, std::string_view name) {
    return std::find(engines.begin(), engines.end(), name) != engines.end();
}

void asked_for(Job& job, const std::string& asked, const std::vector<std::string>& engines) {
    // An engine of that very name goes before what it is an alias of.
    job.engine = is_there(engines, asked) ? asked : std::string(config::engine_name(asked));
    if (is_there(engines, job.engine)) return;
    const std::vector<std::string_view> known(engines.begin(), engines.end());
    const auto near = config::nearest(asked, known);
    std::string there;
    for (const auto& name : engines) there += (there.empty() ? "" : ", ") + name;
    job.refuse({"no engine '" + asked + "'",
                near.empty() ? "there are: " + there : "did you mean '" + near + "'?",
                job.settings["db.engine"].label});
}

// Of a setting that is an engine's own.
constexpr config::LabelRow kOwn{.key = "an engine's own setting",
                                .type = config::LabelType::text,
                                .most = config::kMaxLabelBytes,
                                .help = "correct the container's environment"};

const config::LabelRow& row_of(const std::string& key) {
    // db.password of an image's convention is a reference: it is never the secret itself.
    const auto* row = config::find_label(key == "db.password" ? "db.secret" : key);
    return row ? *row : kOwn;
}

}  // namespace

void choose_engine(Job& job, const std::vector<Recognised>& recognised,
                   const std::vector<std::string>& engines) {
    if (const auto asked = job.setting("db.engine"); !asked.empty())
        return asked_for(job, asked, engines);
    const auto best =
        std::max_element(recognised.begin(), recognised.end(),
                         [](const auto& a, const auto& b) { return a.score < b.score; });
    if (best == recognised.end() || best->score == 0)
        return job.refuse(
            {"cannot tell which database this is from image '" + job.target->image + "'",
             "say it with the label baktainer.db.engine", ""});
    job.engine = best->engine;
    job.settings["db.engine"] = {best->engine, best->reason, ""};
}

void apply_recognised(Job& job, const std::vector<Recognised>& recognised) {
    for (const auto& r : recognised) {
        if (r.engine != job.engine) continue;
        for (const auto& [key, setting] : r.settings) {
            const auto there = job.settings.find(key);
            if (there != job.settings.end() && there->second.origin != "default") continue;
            if (auto checked = config::check_label(row_of(key), setting.value))
                job.settings[key] = {*std::move(checked), setting.origin, ""};
            else job.refuse(std::move(checked).error().within(setting.origin), "");
        }
    }
}

}  // namespace bkt::target
