// Labels and environments are other people's bytes: resolving them must end in jobs or findings. Each name
// is a safe folder, each job blocked with a reason or every setting of it within its row's bounds, and no
// secret stands in a setting or a sentence.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/config/label_value.hpp"
#include "core/target/check_labels.hpp"
#include "core/target/resolve.hpp"

namespace {

using namespace bkt;
using namespace bkt::target;

// As a password it must come out nowhere. The input may hold it too, so it is only looked for when it does
// not.
const std::string kSecret = "s3cr3t-Tr0ub4dor";

void must(bool holds) {
    if (!holds) std::abort();
}

// Cuts the input at NUL bytes: key, value, key, value, ...
std::vector<std::string> pieces_of(const std::uint8_t* data, std::size_t size) {
    std::vector<std::string> pieces(1);
    for (std::size_t i = 0; i < size; ++i) {
        if (data[i] == 0) pieces.emplace_back();
        else pieces.back() += static_cast<char>(data[i]);
    }
    return pieces;
}

// The first bits of the input say what kind of target it is; then come labels, '=' in front of a key makes
// it one of the environment.
Target target_of(const std::vector<std::string>& pieces) {
    Target t;
    t.name = pieces[0];
    t.image = pieces[0];
    for (std::size_t i = 1; i + 1 < pieces.size(); i += 2) {
        if (pieces[i].starts_with("=")) t.env[pieces[i].substr(1)] = base::Secret(pieces[i + 1]);
        else t.labels["baktainer." + pieces[i]] = pieces[i + 1];
    }
    return t;
}

// What an engine makes of the environment: it hands on what it finds.
Recognised recognised_in(const Target& t, std::string engine, unsigned score) {
    Recognised r{std::move(engine), score, "its environment", {}};
    for (const auto& [name, value] : t.env)
        r.settings[name] = {std::string(value.reveal()), "environment " + name};
    return r;
}

void check_setting(const Job& job, const std::string& key, const Setting& setting) {
    if (key == "db.password" && setting.value.empty()) return;  // it is in Job::password
    must(!setting.origin.empty());
    must(setting.value.size() <= config::kMaxLabelBytes * 7);  // a command as JSON: \u00XX
    const auto* row = config::find_label(key == "db.password" ? "db.secret" : key);
    if (!row || key == "stores") return;
    must(!row->later);
    must(config::applies(*row, job.engine) || setting.label.empty());
    if (setting.value.size() <= row->most)
        must(config::check_label(*row, setting.value).has_value());
}

void check_job(const Job& job) {
    must(job.name == slug_of(job.name) && job.name.find('/') == job.name.npos);
    must(!job.name.empty() && job.name.size() <= 64 && job.name[0] != '.');
    must(job.blocked.has_value() == !job.errors.empty());
    for (const auto* list : {&job.errors, &job.warnings})
        for (const auto& finding : *list) {
            must(!finding.text.empty());
            must(finding.text.find(kSecret) == std::string::npos);
            must(finding.hint.find(kSecret) == std::string::npos);
        }
    for (const auto& [key, setting] : job.settings)
        must(setting.value.find(kSecret) == std::string::npos);
    if (job.blocked) return;
    must(!job.engine.empty() && !job.setting("stores").empty());
    for (const auto& [key, setting] : job.settings) check_setting(job, key, setting);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::uint8_t bits = data[0];
    const auto pieces = pieces_of(data + 1, size - 1);
    const bool guessed = std::any_of(pieces.begin(), pieces.end(), [](const auto& piece) {
        return piece.find(kSecret) != piece.npos;
    });
    if (guessed) return 0;
    Target t = target_of(pieces);
    if (bits & 1) t.labels["baktainer.backup"] = "true";
    if (bits & 2) t.labels["baktainer.db.password"] = kSecret;
    if (bits & 4) t.labels["baktainer.db.secret"] = kSecret;
    const Rules rules{{},  {"postgres", "sqlite", "redis", "custom"}, {"disk"}, (bits & 8) != 0, {},
                      true};
    const std::vector<Recognised> recognised{recognised_in(t, "postgres", bits & 16 ? 100 : 0),
                                             recognised_in(t, "redis", bits & 32 ? 50 : 0)};
    auto jobs = resolve(std::make_shared<const Target>(t), recognised, rules);
    const auto again = resolve(std::make_shared<const Target>(t), recognised, rules);
    must(jobs.size() == again.size() && jobs.size() <= 32);
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        must(jobs[i].settings == again[i].settings && jobs[i].errors == again[i].errors);
        check_job(jobs[i]);
    }
    for (const auto& one : check_labels(t, recognised, rules)) must(!one.finding.text.empty());
    block_twins(jobs);
    return 0;
}
