#include <unistd.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "core/cli/plugins.hpp"
#include "core/cli/verbs.hpp"
#include "core/run/find_jobs.hpp"

namespace bkt::cli {

namespace {

using base::Exit;

class Report {
public:
    explicit Report(Console& console) : console_(console) {}
    void ok(const std::string& what, const std::string& text) { say("ok", what, text, ""); }
    void warning(const std::string& what, const std::string& text, const std::string& hint) {
        say("warning", what, text, hint);
    }
    void problem(const std::string& what, const Error& error) {
        ++problems_;
        say("problem", what, error.message, error.hint);
    }
    // Of something opened, or why it was not. False: it is a problem.
    template <class Opened>
    bool health(const std::string& what, const Result<const Opened*>& opened,
                const plugin::CallScope& scope) {
        const auto said = opened ? (*opened)->health(scope) : Result<std::string>(opened.error());
        if (said) ok(what, *said);
        else problem(what, said.error());
        return said.has_value();
    }
    Exit exit() const { return problems_ == 0 ? Exit::ok : Exit::failed; }

private:
    void say(const char* level, const std::string& what, const std::string& text,
             const std::string& hint) {
        console_.line(std::string(level) +
                      std::string(9 - std::char_traits<char>::length(level), ' ') + what + ": " +
                      text + (hint.empty() ? "" : "\n         remedy: " + hint));
        console_.object({{"message_type", "check"},
                         {"level", level},
                         {"what", what},
                         {"text", text},
                         {"remedy", hint}});
    }
    Console& console_;
    unsigned problems_ = 0;
};

void check_state_dir(Report& report, run::Context& context) {
    auto catalog = context.catalog();
    if (!catalog) return report.problem("state_dir", catalog.error());
    if (::access(context.temp_root().c_str(), W_OK) != 0)
        return report.problem("state_dir",
                              {Code::denied, "'" + context.temp_root() + "' cannot be written",
                               "set state_dir to a folder you may write to"});
    report.ok("state_dir", context.state_dir());
}

// The weakest of what keeps in the plugins that run in workers; nothing when none does.
void check_sandbox(Report& report, run::Context& context) {
    Confinements confinements(context.state_dir());
    std::map<std::string, std::string> told;  // level -> remedy
    for (const auto& c : context.registry().components()) {
        if (c.isolation != plugin::Isolation::worker) continue;
        const auto& found = confinements.of(c.trust == plugin::Trust::builtin, c.needs);
        if (!found) return report.problem("sandbox of plugins", found.error());
        std::string remedies;
        for (const auto& layer : found->missing)
            remedies += (remedies.empty() ? "" : "; ") + plugin::worker::remedy_for(layer);
        told[level_of(*found)] = remedies;
    }
    for (const auto& [level, remedy] : told) {
        if (remedy.empty()) report.ok("sandbox of plugins", level);
        else report.warning("sandbox of plugins", level, remedy);
    }
}

void check_targets(Report& report, run::Context& context, Console&) {
    const auto found = run::find_jobs(context);
    for (const auto& job : found.jobs) {
        if (job.blocked)
            report.problem("target " + job.full_name(),
                           {Code::invalid, job.blocked->text, job.blocked->hint});
        else
            report.ok(
                "target " + job.full_name(),
                job.engine + (job.target->image.empty() ? "" : ", image " + job.target->image));
        for (const auto& warning : job.warnings)
            report.warning("target " + job.full_name(), warning.text, warning.hint);
    }
    if (found.jobs.empty())
        report.warning("targets", "none found",
                       "label a database container with baktainer.backup=true, or name a local "
                       "target in the configuration");
}

Exit doctor(Session& session) {
    Report report(session.console());
    auto made = session.context();
    if (!made) return session.console().fail(made.error());
    run::Context& context = **made;
    report.ok("configuration", context.settings().files.empty()
                                   ? "no file, defaults and environment"
                                   : context.settings().files.front());
    check_state_dir(report, context);
    for (const auto& problem : context.registry().problems()) report.problem("plugins", problem);
    report.ok("plugins", std::to_string(context.registry().components().size()) + " loaded");
    check_sandbox(report, context);
    for (const auto& [name, block] : context.settings().stores)
        report.health("store " + name, context.store(name), context.scope());
    for (const auto& [name, block] : context.settings().notifiers) {
        const auto notifier =
            report::open_notifier(name, block, context.registry(), context.scope());
        report.health("notifier " + name,
                      notifier ? Result<const report::Notifier*>(&*notifier) : notifier.error(),
                      context.scope());
    }
    for (const auto& [name, block] : context.settings().secrets)
        report.health("secrets " + name, context.secret_provider(name), context.scope());
    bool reachable = true;
    for (const auto& [name, block] : context.settings().discovery) {
        if (!report.health("discovery " + name, context.source(name), context.scope()))
            reachable = false;
    }
    if (reachable) check_targets(report, context, session.console());
    return report.exit();
}

}  // namespace

void add_doctor(CLI::App& app, Action& action) {
    app.add_subcommand("doctor",
                       "Check configuration, folders, plugins, stores, sources and targets, and "
                       "say the remedy for what is wrong")
        ->callback([&action] { action = doctor; });
}

}  // namespace bkt::cli
