#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/cli/table.hpp"
#include "core/cli/verbs.hpp"
#include "core/run/find_jobs.hpp"

namespace bkt::cli {

namespace {

using base::Exit;
using Json = nlohmann::ordered_json;

Json job_json(const target::Job& job) {
    Json j = {{"target", job.name},
              {"job", job.id},
              {"engine", job.engine},
              {"source", job.target->source},
              {"container", job.target->host_files ? "" : job.target->id},
              {"image", job.target->image},
              {"state", job.blocked ? "blocked" : "ready"}};
    if (job.blocked) j["blocked"] = {{"reason", job.blocked->text}, {"hint", job.blocked->hint}};
    j["errors"] = Json::array();
    for (const auto& error : job.errors)
        j["errors"].push_back({{"text", error.text}, {"hint", error.hint}});
    j["warnings"] = Json::array();
    for (const auto& warning : job.warnings)
        j["warnings"].push_back({{"text", warning.text}, {"hint", warning.hint}});
    return j;
}

Exit list_targets(Session& session) {
    auto context = session.context();
    if (!context) return session.console().fail(context.error());
    const auto found = run::find_jobs(**context);
    Table table({"TARGET", "ENGINE", "IMAGE", "STATE"});
    for (const auto& job : found.jobs) {
        table.row({job.full_name(), job.engine, job.target->image,
                   job.blocked ? "blocked: " + job.blocked->text : "ready"});
        session.console().object(job_json(job));
    }
    if (!found.jobs.empty()) session.console().line(table.text());
    else if (!found.source_failed)
        session.console().note(
            "no targets: label a database container with baktainer.backup=true, or name a local "
            "target in the configuration");
    return found.source_failed ? (found.jobs.empty() ? Exit::failed : Exit::partial) : Exit::ok;
}

void say(Console& console, const char* what, const target::Finding& finding) {
    console.line(what + printable(finding.text) +
                 (finding.hint.empty() ? "" : "\n    hint: " + printable(finding.hint)));
}

void explain_one(Console& console, const target::Job& job) {
    Json j = job_json(job);
    console.line(job.full_name() + "  (" +
                 (job.target->image.empty() ? "no container"
                                            : "container " + job.target->id.substr(0, 12) +
                                                  ", image " + job.target->image) +
                 ", found by " + job.target->source + ")");
    Table table({"  SETTING", "VALUE", "FROM"});
    j["settings"] = Json::object();
    for (const auto& [key, setting] : job.settings) {
        const bool secret = key == "db.password" && setting.value.empty();
        table.row({"  " + key, secret ? "***" : setting.value, setting.origin});
        j["settings"][key] = {{"value", secret ? "***" : setting.value},
                              {"origin", setting.origin}};
    }
    if (const auto& t = *job.target; !t.transport.empty() && job.setting("mode") == "exec") {
        table.row({"  (transport)", t.transport, t.transport_reason});
        j["transport"] = {{"value", t.transport}, {"reason", t.transport_reason}};
    }
    console.line(table.text());
    for (const auto& warning : job.warnings) say(console, "  warning: ", warning);
    for (const auto& error : job.errors) say(console, "  BLOCKED: ", error);
    if (!job.blocked) console.line("  ready");
    console.object(j);
}

Exit explain(Session& session, const std::vector<std::string>& names) {
    auto context = session.context();
    if (!context) return session.console().fail(context.error());
    const auto found = run::find_jobs(**context);
    auto picked = run::pick_jobs(found.jobs, names);
    if (!picked) return found.source_failed ? Exit::failed : session.console().fail(picked.error());
    for (const auto& job : *picked) explain_one(session.console(), job);
    return Exit::ok;
}

}  // namespace

void add_targets(CLI::App& app, Action& action) {
    auto* verb = app.add_subcommand("targets", "List what was discovered, blocked targets too");
    auto* inner = verb->add_subcommand(
        "explain", "Say where each setting of a target came from, and why it is blocked");
    auto names = std::make_shared<std::vector<std::string>>();
    inner->add_option("TARGET", *names, "Targets to explain")->required();
    inner->callback(
        [&action, names] { action = [names](Session& s) { return explain(s, *names); }; });
    verb->callback([&action, inner] {
        if (!inner->parsed()) action = list_targets;
    });
}

}  // namespace bkt::cli
