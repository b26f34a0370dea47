#include "core/target/resolve.hpp"

#include <algorithm>
#include <set>

#include "core/config/label_value.hpp"
#include "core/config/nearest.hpp"
#include "core/config/secret_ref.hpp"
#include "core/config/split.hpp"
#include "core/target/apply_labels.hpp"
#include "core/target/choose_mode.hpp"

namespace bkt::target {

namespace {

constexpr std::size_t kMaxJobs = 32;

void apply_defaults(Job& job, const Rules& rules) {
    for (const auto& row : config::kLabels)
        if (!row.fallback.empty())
            job.settings[std::string(row.key)] = {std::string(row.fallback), "default"};
    for (const auto& [key, value] : rules.defaults) job.settings[key] = {value.text, value.origin};
}

bool has(const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

void check_stores(Job& job, const Rules& rules) {
    auto& setting = job.settings["stores"];
    if (setting.value.empty()) {
        for (const auto& name : rules.stores)
            setting.value += (setting.value.empty() ? "" : ",") + name;
        setting.origin = "every configured store";
    }
    if (!rules.configured) return;
    for (const auto& name : config::split(setting.value, ',')) {
        if (has(rules.stores, name)) continue;
        const std::vector<std::string_view> known(rules.stores.begin(), rules.stores.end());
        const auto near = config::nearest(name, known);
        job.refuse({"no store '" + name + "' is configured",
                    near.empty() ? "name one of the configuration's 'stores'"
                                 : "did you mean '" + near + "'?",
                    setting.label});
    }
}

// The message repeats nothing of the reference: it may be the secret itself, with a colon in it.
void check_secret(Job& job, const Rules& rules) {
    const auto setting = job.settings.find("db.secret");
    if (setting == job.settings.end()) return;
    const auto ref = config::parse_secret_ref(setting->second.value);
    if (!rules.configured || !ref || ref->where != config::SecretRef::Where::provider ||
        has(rules.secret_providers, ref->provider))
        return;
    job.refuse({"'db.secret' begins with the name of no secrets provider that is configured",
                std::string(config::kSecretRefForms) +
                    ", PROVIDER being a name under 'secrets' in the configuration",
                setting->second.label});
}

Job make_job(const std::shared_ptr<const Target>& target, const std::string& id,
             const LabelSet& labels, const std::vector<Recognised>& recognised,
             const Rules& rules) {
    Job job;
    job.target = target;
    job.id = id;
    apply_defaults(job, rules);
    apply_labels(job, labels.all);
    if (const auto own = labels.of_job.find(id); own != labels.of_job.end())
        apply_labels(job, own->second);
    const auto renamed = job.setting("name");
    job.name = slug_of(renamed.empty() ? target->name : renamed);
    choose_engine(job, recognised, rules.engines);
    drop_what_does_not_apply(job);
    apply_recognised(job, recognised);
    choose_mode(job, recognised);
    check_stores(job, rules);
    check_secret(job, rules);
    if (!job.blocked && target->state != "running")
        job.refuse({"the container is " + target->state,
                    "start it, or remove its label baktainer.backup", ""});
    return job;
}

// A slip in the one label that switches backups on must not mean "no backup, no word".
Job blocked_by_slip(Job job, const std::string& label) {
    job.errors.insert(job.errors.begin(),
                      {"label '" + label.substr(0, 200) +
                           "' is unknown, and without 'baktainer.backup' there is no backup",
                       "did you mean 'baktainer.backup'?", label});
    job.blocked = job.errors.front();
    std::erase_if(job.warnings, [&](const auto& warning) { return warning.label == label; });
    return job;
}

std::vector<Job> named_jobs(const std::shared_ptr<const Target>& target, const LabelSet& labels,
                            const std::vector<Recognised>& recognised, const Rules& rules) {
    std::vector<Job> jobs;
    for (const auto& [id, own] : labels.of_job) {
        if (const auto wish = own.find("backup");
            wish != own.end() && config::parse_bool(wish->second.value) == false)
            continue;
        jobs.push_back(make_job(target, id, labels, recognised, rules));
        if (const auto& label = own.begin()->second.label; !config::is_slug(id))
            jobs.back().refuse(
                {"the job's id in label '" + label.substr(0, 200) +
                     "' is not a name of 1-64 letters, digits, '.', '_' or '-'",
                 "write baktainer.job.<id>.<key>, e.g. baktainer.job.nightly.compress", label});
        if (jobs.size() < kMaxJobs) continue;
        jobs.back().warn(
            {"more than " + std::to_string(kMaxJobs) + " jobs on one target: the rest is ignored",
             ""});
        break;
    }
    return jobs;
}

}  // namespace

std::vector<Job> resolve(std::shared_ptr<const Target> target,
                         const std::vector<Recognised>& recognised, const Rules& rules) {
    const auto labels = labels_of(*target);
    const auto wish = labels.all.find("backup");
    const bool said = wish != labels.all.end();
    if (said && config::parse_bool(wish->second.value) == false) return {};
    if (const auto slip = misspelt_wish(labels); !said && !slip.empty())
        return {blocked_by_slip(make_job(target, "default", labels, recognised, rules), slip)};
    const bool known = std::any_of(recognised.begin(), recognised.end(),
                                   [](const auto& r) { return r.score > 0; });
    if (!said && (rules.opt_in || !known)) return {};
    if (!labels.of_job.empty()) return named_jobs(target, labels, recognised, rules);
    return {make_job(target, "default", labels, recognised, rules)};
}

void block_twins(std::vector<Job>& jobs) {
    std::map<std::string, std::set<const Target*>> owners;
    for (const auto& job : jobs) owners[job.name].insert(job.target.get());
    for (auto& job : jobs)
        if (owners[job.name].size() > 1)
            job.refuse(
                {std::to_string(owners[job.name].size()) + " targets are called '" + job.name + "'",
                 "give each its own name with the label baktainer.name", ""});
}

}  // namespace bkt::target
