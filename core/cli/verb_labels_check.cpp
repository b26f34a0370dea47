#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/cli/table.hpp"
#include "core/cli/verbs.hpp"
#include "core/config/containers_file.hpp"
#include "core/config/label_value.hpp"
#include "core/run/engine.hpp"
#include "core/run/find_jobs.hpp"
#include "core/target/check_labels.hpp"

namespace bkt::cli {

namespace {

using base::Exit;
using config::WrittenContainer;
using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxFileBytes = 16u << 20;

// One thing to tell, at its place.
struct Told {
    unsigned line = 0;
    bool error = false;
    std::string container;
    std::string job;
    target::Finding finding;
};

Result<std::string> content_of(const std::string& file) {
    std::ifstream opened;
    if (file != "-") {
        opened.open(file, std::ios::binary);
        if (!opened)
            return Error{Code::invalid, "cannot read '" + file + "'",
                         "name a compose file, or - for standard input"};
    }
    std::istream& in = file == "-" ? std::cin : opened;
    std::string text(kMaxFileBytes + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad()) return Error{Code::invalid, "cannot read '" + file + "'", "is it a folder?"};
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.size() > kMaxFileBytes)
        return Error{Code::invalid, "'" + file + "' is larger than 16 MiB", "split it"};
    return text;
}

// A file says nothing of who will discover its containers: the configured sources answer together.
bool opt_in(const config::Settings& settings) {
    return std::none_of(settings.discovery.begin(), settings.discovery.end(),
                        [](const auto& named) {
                            const auto wish = named.second.options.find("opt_in");
                            return wish != named.second.options.end() &&
                                   config::parse_bool(wish->second.text) == false;
                        });
}

target::Target target_of(const WrittenContainer& written) {
    target::Target t;
    t.name = written.name;
    t.image = written.image;
    t.env = written.env;
    for (const auto& [label, value] : written.labels)
        if (!value.filled_in) t.labels[label] = value.value;
    // Whatever it will be, the rest is checked as for a backup.
    if (const auto wish = written.labels.find("baktainer.backup");
        wish != written.labels.end() && wish->second.filled_in)
        t.labels[wish->first] = "true";
    return t;
}

std::vector<Told> check(run::Context& context, const config::ContainersFile& file) {
    auto rules = run::rules_of(context, opt_in(context.settings()));
    // Away from the machine that backs up, nobody knows what stores it has.
    rules.configured = !context.settings().files.empty();
    std::vector<Told> all;
    for (const auto& r : file.remarks)
        all.push_back({r.line, r.error, r.container, "", {r.text, r.hint, r.label}});
    for (const auto& written : file.containers) {
        const auto t = target_of(written);
        for (auto& one : target::check_labels(
                 t, run::recognise(context.registry(), t, context.scope()), rules)) {
            const auto label = written.labels.find(one.finding.label);
            all.push_back({label == written.labels.end() ? written.line : label->second.line,
                           one.error, written.name, std::move(one.job), std::move(one.finding)});
        }
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& a, const auto& b) { return a.line < b.line; });
    return all;
}

void tell(Console& console, const std::string& file, const Told& told) {
    const auto& [text, hint, label] = told.finding;
    const auto* severity = told.error ? "error" : "warning";
    const auto whose = told.container + (told.job.empty() ? "" : " (job " + told.job + ")");
    console.line(printable(file + ":" + std::to_string(told.line) + ": " + severity + ": " +
                           (whose.empty() ? "" : whose + ": ") + text) +
                 (hint.empty() ? "" : "\n    hint: " + printable(hint)));
    console.object({{"message_type", "finding"},
                    {"file", file},
                    {"line", told.line},
                    {"severity", severity},
                    {"container", told.container},
                    {"job", told.job},
                    {"label", label},
                    {"text", text},
                    {"hint", hint}});
}

std::string counted(std::size_t n, const std::string& what) {
    return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

Exit check_file(Session& session, const std::string& file) {
    auto& console = session.console();
    const auto text = content_of(file);
    if (!text) return console.fail(text.error());
    const auto read = config::read_containers(*text, file);
    if (!read) return console.fail(read.error());
    auto context = session.context();
    if (!context) return console.fail(context.error());
    const auto all = check(**context, *read);
    for (const auto& told : all) tell(console, file, told);
    const auto errors = static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [](const auto& told) { return told.error; }));
    const auto labelled =
        static_cast<std::size_t>(std::count_if(read->containers.begin(), read->containers.end(),
                                               [](const auto& c) { return !c.labels.empty(); }));
    console.line(counted(read->containers.size(), "container") + ", " + std::to_string(labelled) +
                 " with labels: " + counted(errors, "error") + ", " +
                 counted(all.size() - errors, "warning"));
    console.object({{"message_type", "summary"},
                    {"containers", read->containers.size()},
                    {"labelled", labelled},
                    {"errors", errors},
                    {"warnings", all.size() - errors}});
    return errors > 0 ? Exit::usage : Exit::ok;
}

}  // namespace

void add_labels_check(CLI::App& verb, Action& action) {
    auto* inner = verb.add_subcommand(
        "check", "Check the labels in a compose file, or in what `docker inspect` prints");
    auto file = std::make_shared<std::string>();
    inner->add_option("FILE", *file, "compose.yaml, inspect.json, or - for standard input")
        ->required();
    inner->footer(
        "Ends with 2 when there are errors; warnings do not count.\n"
        "  baktainer labels check compose.yaml\n"
        "  docker inspect NAME... | baktainer labels check -");
    inner->callback(
        [&action, file] { action = [file](Session& s) { return check_file(s, *file); }; });
}

}  // namespace bkt::cli
