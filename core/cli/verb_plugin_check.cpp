// `plugin check FILE`: the conformance suite against a plugin's library, for its author.
#include <sys/random.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/cli/junit.hpp"
#include "core/cli/verbs.hpp"
#include "core/plugin/worker/checker.hpp"
#include "core/plugin/worker/isolate.hpp"

namespace bkt::cli {

namespace {

using base::Exit;
using plugin::worker::Checker;

struct Asked {
    std::string file, config, junit;
    std::uint64_t seed = 0;
    int level = 4;
    unsigned time_s = 60, fuzz_s = 5;
};

Result<std::map<std::string, std::string>> texts(const nlohmann::json& object, const char* key) {
    std::map<std::string, std::string> made;
    if (!object.contains(key)) return made;
    if (!object[key].is_object())
        return Error{Code::invalid, "'" + std::string(key) + "' is no object",
                     R"(write {"config": {"url": "https://…"}, "secrets": {"token": "…"}})"};
    for (const auto& [name, value] : object[key].items())
        made[name] = value.is_string() ? value.get<std::string>() : value.dump();
    return made;
}

Result<plugin::worker::CheckOptions> options_of(const Asked& asked) {
    plugin::worker::CheckOptions options;
    options.seed = asked.seed;
    options.limit = std::chrono::seconds(asked.time_s);
    options.random_time = std::chrono::seconds(asked.fuzz_s);
    if (asked.config.empty()) return options;
    std::ifstream file(asked.config);
    const auto object = nlohmann::json::parse(file, nullptr, false);
    if (!object.is_object())
        return Error{Code::invalid, "'" + asked.config + "' holds no JSON object",
                     R"(write {"config": {"url": "https://…"}, "secrets": {"token": "…"}})"};
    BKT_LET(options.config, texts(object, "config"));
    BKT_LET(options.secrets, texts(object, "secrets"));
    return options;
}

// Prints and counts the results as they come.
class Report final {
public:
    Report(Console& console, const Asked& asked) : console_(console), asked_(asked) {
        junit_.set("seed", std::to_string(asked.seed));
    }

    void add(const std::string& component, int level, const std::string& name,
             const plugin::worker::CheckResult& result) {
        const auto& findings = result.findings;
        std::vector<std::string> notes;
        for (const auto& call : result.tried) notes.push_back("tried: " + call + " (refused)");
        if (!result.unwatched.empty()) unwatched_ = result.unwatched;
        (findings.empty() ? passed_ : failed_)++;
        junit_.add(component, name, findings, result.took, notes);
        console_.object({{"message_type", "case"},
                         {"component", component},
                         {"level", level},
                         {"case", name},
                         {"passed", findings.empty()},
                         {"findings", findings},
                         {"tried", result.tried},
                         {"rounds", result.rounds},
                         {"duration_ms", result.took.count()}});
        console_.line((findings.empty() ? "passed  " : "FAILED  ") + std::to_string(level) + "  " +
                      component + "  " + name +
                      (result.rounds > 0 ? ", " + std::to_string(result.rounds) + " rounds" : ""));
        for (const auto& note : notes) console_.line("warning     " + note);
        for (const auto& finding : findings) console_.line("          " + finding);
        if (!findings.empty() && level > 0)
            console_.line(
                "          again: baktainer plugin check " + asked_.file +
                (asked_.config.empty() ? "" : " --config " + asked_.config) + " --seed " +
                std::to_string(asked_.seed) +
                (asked_.fuzz_s == 5 ? "" : " --fuzz-time " + std::to_string(asked_.fuzz_s)));
    }
    Exit end() {
        if (!asked_.junit.empty())
            if (auto written = junit_.write(asked_.junit); !written)
                return console_.fail(written.error());
        console_.object({{"message_type", "summary"},
                         {"passed", passed_},
                         {"failed", failed_},
                         {"seed", asked_.seed}});
        if (!unwatched_.empty())
            console_.line("refused system calls are not listed: " + unwatched_);
        console_.line(std::to_string(passed_) + " passed, " + std::to_string(failed_) +
                      " failed, seed " + std::to_string(asked_.seed));
        return failed_ == 0 ? Exit::ok : Exit::failed;
    }

private:
    Console& console_;
    const Asked& asked_;
    Junit junit_{"baktainer plugin check"};
    std::string unwatched_;
    unsigned passed_ = 0, failed_ = 0;
};

Exit check(Session& session, const Asked& asked) {
    auto& console = session.console();
    auto options = options_of(asked);
    if (!options) return console.fail(options.error());
    auto checker =
        Checker::open(asked.file, plugin::worker::plugin_host_program(), *std::move(options));
    if (!checker) return console.fail(checker.error());
    Report report(console, asked);
    const auto of_file = checker->check_file();
    report.add("file", 0, "IsAPluginsLibrary", {.findings = of_file});
    if (!of_file.empty()) return report.end();
    const auto cases = checker->list();
    if (!cases) {
        report.add("file", 1, "IsLoaded",
                   {.findings = {cases.error().message, cases.error().hint}});
        return report.end();
    }
    for (const auto& one : *cases) {
        if (one.level > asked.level) continue;
        if (asked.fuzz_s == 0 && one.title == "SurvivesRandomInputs") continue;
        report.add(one.kind.substr(0, one.kind.find('/')) + " '" + one.name + "'", one.level,
                   one.title, checker->run(one));
    }
    return report.end();
}

}  // namespace

void add_plugin_check(CLI::App& verb, Action& action) {
    auto* inner = verb.add_subcommand("check", "Hold a plugin's library against the contract");
    inner->footer(
        "Each case runs in a process of its own. Levels: 0 the file, 1 it loads and opens, 2 the\n"
        "contract of every plugin, 3 that of its kind, 4 faults of everything around it, and "
        "random\n"
        "inputs out of the seed. What a plugin's sandbox refuses is refused here too; each such "
        "try\n"
        "is a warning.\n"
        "  baktainer plugin check build/libhello.so --config check.json\n"
        "check.json holds the settings to open it with:\n"
        "  {\"config\": {\"url\": \"https://example.org\"}, \"secrets\": {\"token\": \"x\"}}\n"
        "A store is written to, below 'conformance/'. Ends with 0 when every case passed.");
    auto asked = std::make_shared<Asked>();
    inner->add_option("FILE", asked->file, "The plugin's library, lib<name>.so")->required();
    inner->add_option("--config", asked->config, "JSON file with config and secrets");
    inner->add_option("--level", asked->level, "The highest level to check")
        ->check(CLI::Range(0, 4))
        ->capture_default_str();
    auto* seed = inner->add_option("--seed", asked->seed, "Repeats a run; random without it");
    inner
        ->add_option("--fuzz-time", asked->fuzz_s,
                     "Seconds of random inputs, for each component; 0 leaves them out")
        ->check(CLI::Range(0, 86400))
        ->capture_default_str();
    inner->add_option("--time", asked->time_s, "Seconds one case may take")->capture_default_str();
    inner->add_option("--junit", asked->junit, "Writes the results to this file as JUnit XML");
    inner->callback([&action, asked, seed] {
        if (seed->count() == 0) {
            std::uint32_t random = 0;
            if (::getrandom(&random, sizeof random, 0) == sizeof random) asked->seed = random;
        }
        action = [asked](Session& session) { return check(session, *asked); };
    });
}

}  // namespace bkt::cli
