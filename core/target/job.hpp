// target/job.hpp: what to do with a target: its settings, each with where it came from.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "baktainer/result.hpp"
#include "core/base/secret.hpp"
#include "core/target/target.hpp"

namespace bkt::target {

struct Setting {
    std::string value;    // "" for a plain secret: see Job::password
    std::string origin;   // "label baktainer.db.name", "environment POSTGRES_DB", "default", ...
    std::string label{};  // the label it stands in, "" when in none
    bool operator==(const Setting&) const = default;
};

struct Finding {
    std::string text;
    std::string hint;
    std::string label{};  // the label it is about, "" when about none
    bool operator==(const Finding&) const = default;
};

struct Job {
    std::shared_ptr<const Target> target;
    std::string name;            // the target's name as stored: a slug
    std::string id = "default";  // of the job
    std::string engine;          // "" when blocked before it was known
    std::map<std::string, Setting> settings;
    base::Secret password;           // a password written in plain: works, and is flagged
    std::vector<Finding> warnings;   // it runs all the same
    std::optional<Finding> blocked;  // it must not run, and why: the first of
    std::vector<Finding> errors;     // everything that is wrong

    void warn(Finding finding) { warnings.push_back(std::move(finding)); }
    void refuse(Finding finding) {
        if (!blocked) blocked = finding;
        errors.push_back(std::move(finding));
    }
    void refuse(Error error, std::string label) {
        refuse({std::move(error.message), std::move(error.hint), std::move(label)});
    }

    // The setting's value, "" when not set.
    std::string setting(const std::string& key) const {
        const auto found = settings.find(key);
        return found == settings.end() ? std::string() : found->second.value;
    }
    std::string full_name() const { return id == "default" ? name : name + "." + id; }
};

}  // namespace bkt::target
