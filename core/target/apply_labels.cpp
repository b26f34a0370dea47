#include "core/target/apply_labels.hpp"

#include "core/config/label_value.hpp"
#include "core/config/label_words.hpp"

namespace bkt::target {

namespace {

using config::LabelRow;
using config::LabelType;

constexpr std::size_t kMaxShownBytes = 200;  // of a label's name: it is a stranger's text

// Set by discovery on the containers it makes; nobody writes it.
constexpr std::string_view kCloneKey = "clone-of";

std::string quoted(const Label& label) {
    return "label '" + label.label.substr(0, kMaxShownBytes) + "'";
}

// A key is enough to find a bare label by; one of several spellings or jobs is named whole.
void bad_value(Job& job, const LabelRow& row, const Label& label, Error error) {
    const bool bare = label.label == "baktainer." + std::string(row.key);
    job.refuse(std::move(error).within(bare ? "label" : quoted(label)), label.label);
}

void unknown(Job& job, const std::string& key, const Label& label) {
    const std::string near(config::nearest_label(key));
    job.warn({"unknown " + quoted(label) + " is ignored",
              near.empty() ? "`baktainer labels explain` lists the keys there are"
                           : "did you mean '" + label.stem + near + "'?",
              label.label});
}

// A label this version cannot honour: refused where ignoring it would betray the user.
void later(Job& job, const LabelRow& row, const Label& label) {
    if (row.key != "encrypt")
        return job.warn(
            {quoted(label) + " has no effect in this version", std::string(row.help), label.label});
    if (config::parse_bool(label.value) != false)
        job.refuse({quoted(label) + " asks for encryption, which this version cannot do",
                    "remove the label to store this backup unencrypted, or wait for the version "
                    "that encrypts",
                    label.label});
}

void plain_password(Job& job, const Label& label, const std::string& origin) {
    job.password = base::Secret(label.value);
    job.settings["db.password"] = {"", origin, label.label};
    job.warn(
        {"the password stands in " + quoted(label) +
             ", where anyone who can inspect the container reads it",
         "say in baktainer.db.secret where it is instead: env:VARIABLE, file:/path/in/container, "
         "docker-secret:NAME",
         label.label});
}

void apply(Job& job, const std::string& key, const Label& label) {
    const LabelRow* row = config::find_label(key);
    if (!row) {
        if (key != kCloneKey) unknown(job, key, label);
        return;
    }
    std::string value = label.value;
    std::string origin = "label " + label.label;
    if (const auto* old = config::find_old_spelling(key)) {
        auto today = config::from_old_spelling(*old, value);
        if (!today) return bad_value(job, *row, label, std::move(today).error());
        if (!*today) return;
        value = **std::move(today);
        origin += " (now " + label.stem + std::string(row->key) + ")";
    }
    auto checked = config::check_label(*row, value);
    if (!checked) return bad_value(job, *row, label, std::move(checked).error());
    if (row->later) return later(job, *row, label);
    if (row->type == LabelType::secret) return plain_password(job, label, origin);
    job.settings[std::string(row->key)] = {*std::move(checked), std::move(origin), label.label};
}

}  // namespace

void apply_labels(Job& job, const Labels& labels) {
    for (const auto& [key, label] : labels) {
        const LabelRow* row = config::find_label(key);
        const auto today = row ? labels.find(std::string(row->key)) : labels.end();
        if (today == labels.end() || today->first == key) apply(job, key, label);
        else
            job.warn({quoted(label) + " is ignored: it is an older spelling of '" +
                          today->second.label + "', which is there too",
                      "remove the older one", label.label});
    }
}

void drop_what_does_not_apply(Job& job) {
    for (auto setting = job.settings.begin(); setting != job.settings.end();) {
        const LabelRow* row = config::find_label(setting->first);
        if (!row || config::applies(*row, job.engine)) {
            ++setting;
            continue;
        }
        if (const auto& label = setting->second.label; !label.empty())
            job.warn({"label '" + label.substr(0, kMaxShownBytes) + "' says nothing to engine '" +
                          job.engine + "'",
                      "'" + setting->first + "' is for " + config::engines_words(*row), label});
        if (setting->first == "db.password") job.password = {};
        setting = job.settings.erase(setting);
    }
}

}  // namespace bkt::target
