#include "core/target/resolve.hpp"

#include <algorithm>
#include <set>

#include "core/config/label_value.hpp"
#include "core/config/nearest.hpp"
#include "core/config/split.hpp"

namespace bkt::target {

namespace {

using config::LabelRow;
using config::LabelType;

constexpr std::string_view kPrefix = "baktainer.";
constexpr std::string_view kJobPrefix = "baktainer.job.";
constexpr std::size_t kMaxJobs = 32;
constexpr std::size_t kMaxNameBytes = 64;

struct LabelText {
    std::string label;  // as written, for messages
    std::string value;
};

struct LabelSets {
    std::map<std::string, LabelText> all;                            // bare keys
    std::map<std::string, std::map<std::string, LabelText>> of_job;  // by job id
};

LabelSets split_labels(const Target& target) {
    LabelSets sets;
    for (const auto& [label, value] : target.labels) {
        if (label.starts_with(kJobPrefix)) {
            const auto rest = label.substr(kJobPrefix.size());
            const auto dot = rest.find('.');
            if (dot != rest.npos) {
                sets.of_job[rest.substr(0, dot)][rest.substr(dot + 1)] = {label, value};
                continue;
            }
        }
        if (label.starts_with(kPrefix)) sets.all[label.substr(kPrefix.size())] = {label, value};
    }
    return sets;
}

void block(Job& job, Error error) {
    if (!job.blocked) job.blocked = Finding{std::move(error.message), std::move(error.hint)};
}

void unknown_label(Job& job, const std::string& label, std::string_view key) {
    std::vector<std::string_view> known;
    for (const auto& row : config::kLabels) known.push_back(row.key);
    const auto near = config::nearest(key, known);
    job.warnings.push_back({"unknown label '" + label.substr(0, 200) + "' is ignored",
                            near.empty() ? "see `baktainer targets explain` for what is in force"
                                         : "did you mean 'baktainer." + near + "'?"});
}

// A label this version cannot honour: refused where ignoring it would betray the user.
void later_label(Job& job, const LabelRow& row, const LabelText& text) {
    if (row.key == "encrypt" && config::parse_bool(text.value) != false)
        block(job, {Code::unsupported,
                    "label '" + text.label + "' asks for encryption, which this version cannot do",
                    "remove the label to store this backup unencrypted, or wait for the version "
                    "that encrypts"});
    else if (row.key != "encrypt")
        job.warnings.push_back(
            {"label '" + text.label + "' has no effect in this version", std::string(row.doc)});
}

void apply_label(Job& job, const std::string& key, const LabelText& text) {
    const LabelRow* row = config::find_label(key);
    if (!row) {
        if (key == "db.all") {  // the origin's way to say "every database"
            if (config::parse_bool(text.value) == true)
                job.settings["db.name"] = {"*", "label " + text.label};
            return;
        }
        if (key != "clone-of") unknown_label(job, text.label, key);
        return;
    }
    if (row->type == LabelType::later) return later_label(job, *row, text);
    // Old spellings of a secret reference held a path.
    const bool bare_path =
        row->key == "db.secret" && key != "db.secret" && text.value.starts_with('/');
    auto checked = config::check_label(*row, bare_path ? "file:" + text.value : text.value);
    if (!checked) return block(job, std::move(checked).error().within("label"));
    const std::string origin = "label " + text.label;
    if (row->type == LabelType::secret) {
        job.password = base::Secret(text.value);
        job.settings["db.password"] = {"", origin};
        job.warnings.push_back(
            {"the password stands in label '" + text.label +
                 "', where anyone who can inspect the container reads it",
             "name where it is instead: baktainer.db.secret=env:POSTGRES_PASSWORD"});
        return;
    }
    job.settings[std::string(row->key)] = {*checked, origin};
}

void apply_defaults(Job& job, const Rules& rules) {
    for (const auto& row : config::kLabels)
        if (!row.fallback.empty())
            job.settings[std::string(row.key)] = {std::string(row.fallback), "default"};
    for (const auto& [key, value] : rules.defaults) job.settings[key] = {value.text, value.origin};
}

void choose_engine(Job& job, const std::vector<Recognised>& recognised, const Rules& rules) {
    const auto best =
        std::max_element(recognised.begin(), recognised.end(),
                         [](const auto& a, const auto& b) { return a.score < b.score; });
    if (auto asked = job.setting("db.engine"); !asked.empty()) {
        if (asked == "postgresql") asked = "postgres";
        job.engine = asked;
        if (std::find(rules.engines.begin(), rules.engines.end(), asked) == rules.engines.end()) {
            const std::vector<std::string_view> known(rules.engines.begin(), rules.engines.end());
            const auto near = config::nearest(asked, known);
            std::string there;
            for (const auto& name : rules.engines) there += (there.empty() ? "" : ", ") + name;
            block(job, {Code::invalid, "no engine '" + asked + "'",
                        near.empty() ? "there are: " + there : "did you mean '" + near + "'?"});
            return;
        }
    } else if (best != recognised.end() && best->score > 0) {
        job.engine = best->engine;
        job.settings["db.engine"] = {best->engine, best->reason};
    } else {
        block(job, {Code::invalid,
                    "cannot tell which database this is from image '" + job.target->image + "'",
                    "say it with the label baktainer.db.engine"});
    }
}

// The image's own conventions, below labels and above defaults.
void apply_recognised(Job& job, const std::vector<Recognised>& recognised) {
    for (const auto& r : recognised) {
        if (r.engine != job.engine) continue;
        for (const auto& [key, setting] : r.settings) {
            auto& current = job.settings[key];
            if (current.origin.empty() || current.origin == "default") current = setting;
        }
    }
}

void check_stores(Job& job, const Rules& rules) {
    auto& setting = job.settings["stores"];
    if (setting.value.empty()) {
        for (const auto& name : rules.stores)
            setting.value += (setting.value.empty() ? "" : ",") + name;
        setting.origin = "every configured store";
    }
    for (const auto& name : config::split(setting.value, ',')) {
        if (std::find(rules.stores.begin(), rules.stores.end(), name) != rules.stores.end())
            continue;
        const std::vector<std::string_view> known(rules.stores.begin(), rules.stores.end());
        const auto near = config::nearest(name, known);
        block(job, {Code::invalid, "no store '" + name + "' is configured",
                    near.empty() ? "name one of the configuration's 'stores'"
                                 : "did you mean '" + near + "'?"});
    }
}

Job make_job(const std::shared_ptr<const Target>& target, const std::string& id,
             const LabelSets& sets, const std::vector<Recognised>& recognised, const Rules& rules) {
    Job job;
    job.target = target;
    job.id = id;
    apply_defaults(job, rules);
    for (const auto& [key, text] : sets.all) apply_label(job, key, text);
    if (const auto own = sets.of_job.find(id); own != sets.of_job.end())
        for (const auto& [key, text] : own->second) apply_label(job, key, text);
    const auto renamed = job.setting("name");
    job.name = slug_of(renamed.empty() ? target->name : renamed);
    choose_engine(job, recognised, rules);
    apply_recognised(job, recognised);
    check_stores(job, rules);
    if (!job.blocked && target->state != "running")
        block(job, {Code::unavailable, "the container is " + target->state,
                    "start it, or remove its label baktainer.backup"});
    return job;
}

// The label that was most likely meant to be baktainer.backup, "" when none was.
std::string misspelt_wish(const LabelSets& sets) {
    std::vector<std::string_view> known;
    for (const auto& row : config::kLabels) known.push_back(row.key);
    for (const auto& [key, text] : sets.all)
        if (!config::find_label(key) && config::nearest(key, known) == "backup") return text.label;
    return {};
}

}  // namespace

std::string slug_of(std::string_view name) {
    std::string slug;
    for (const char c : name.substr(0, kMaxNameBytes)) {
        const bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
        slug += ok ? c : c == '/' ? '.' : '-';
    }
    if (slug.empty() || slug.front() == '.') slug.insert(slug.begin(), '_');
    return slug.substr(0, kMaxNameBytes);
}

std::vector<Job> resolve(std::shared_ptr<const Target> target,
                         const std::vector<Recognised>& recognised, const Rules& rules) {
    const auto sets = split_labels(*target);
    const auto wish = sets.all.find("backup");
    const auto wanted =
        wish == sets.all.end() ? std::optional<bool>() : config::parse_bool(wish->second.value);
    const bool known = std::any_of(recognised.begin(), recognised.end(),
                                   [](const auto& r) { return r.score > 0; });
    if (wanted == false) return {};
    if (wish == sets.all.end()) {
        // A slip in the one label that switches backups on must not mean "no backup, no word".
        if (const auto slip = misspelt_wish(sets); !slip.empty()) {
            Job job = make_job(target, "default", sets, recognised, rules);
            job.blocked =
                Finding{"label '" + slip +
                            "' is unknown, and without 'baktainer.backup' there is no backup",
                        "did you mean 'baktainer.backup'?"};
            return {std::move(job)};
        }
        if (rules.opt_in || !known) return {};
    }
    std::vector<Job> jobs;
    if (sets.of_job.empty()) jobs.push_back(make_job(target, "default", sets, recognised, rules));
    for (const auto& [id, own] : sets.of_job) {
        jobs.push_back(make_job(target, id, sets, recognised, rules));
        if (!config::check_label(*config::find_label("name"), id))
            block(jobs.back(),
                  {Code::invalid, "the job's id in label '" +
                                      own.begin()->second.label.substr(0, 200) +
                                      "' is not a name of 1-64 letters, digits, '.', '_' or '-'"});
        if (jobs.size() >= kMaxJobs) {
            jobs.back().warnings.push_back({"more than " + std::to_string(kMaxJobs) +
                                                " jobs on one target: the rest is ignored",
                                            ""});
            break;
        }
    }
    return jobs;
}

void block_twins(std::vector<Job>& jobs) {
    std::map<std::string, std::set<const Target*>> owners;
    for (const auto& job : jobs) owners[job.name].insert(job.target.get());
    for (auto& job : jobs)
        if (owners[job.name].size() > 1)
            block(job, {Code::conflict,
                        std::to_string(owners[job.name].size()) + " targets are called '" +
                            job.name + "'",
                        "give each its own name with the label baktainer.name"});
}

}  // namespace bkt::target
