#include <CLI/CLI.hpp>
#include <atomic>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "core/base/units.hpp"
#include "core/catalog/rescan.hpp"
#include "core/cli/verbs.hpp"
#include "core/run/backup_run.hpp"
#include "core/run/find_jobs.hpp"

namespace bkt::cli {

namespace {

using base::Exit;
using Json = nlohmann::ordered_json;

struct BackupWish {
    std::vector<std::string> names;
    std::string job;
    bool all = false;
    bool dry_run = false;
};

struct Tally {
    std::atomic<unsigned> ok{0}, degraded{0}, failed{0}, blocked{0}, locked{0};
    std::atomic<bool> interrupted{false};

    Exit exit(bool source_failed) const {
        if (interrupted) return Exit::interrupted;
        const unsigned bad = failed + blocked + locked + (source_failed ? 1 : 0);
        if (bad == 0) return degraded > 0 ? Exit::partial : Exit::ok;
        if (ok + degraded > 0) return Exit::partial;
        return locked == bad ? Exit::locked : Exit::failed;
    }
};

void sweep(run::Context& context) {
    for (const auto& [name, block] : context.settings().stores) {
        auto store = context.store(name);
        auto swept =
            store ? catalog::sweep_store(**store, target::slug_of(context.settings().text("host")),
                                         context.state_dir(), context.scope())
                  : Result<std::uint64_t>(store.error());
        if (!swept)
            context.observer().event({"store.unreachable",
                                      {{"store", name},
                                       {"reason", swept.error().message},
                                       {"hint", swept.error().hint}}});
        else if (*swept > 0)
            context.observer().event({"store.swept", {{"store", name}, {"objects", *swept}}});
    }
}

void tell_blocked(run::Observer& observer, const target::Job& job) {
    observer.event({"target.blocked",
                    {{"target", job.name},
                     {"job", job.id},
                     {"reason", job.blocked->text},
                     {"hint", job.blocked->hint}}});
}

void show_plan(Console& console, const target::Job& job, const run::DumpPlan& plan) {
    Json parts = Json::array();
    console.line(job.full_name() + " (" + job.engine + "): would store, compressed with " +
                 job.setting("compress") + ", in " + job.setting("stores") + ":");
    for (const auto& part : plan.parts) {
        console.line(
            "  " + part.name +
            (part.estimate_bytes ? "  about " + base::human_size(part.estimate_bytes) : ""));
        parts.push_back({{"name", part.name},
                         {"media_type", part.media_type},
                         {"estimate_bytes", part.estimate_bytes}});
    }
    console.line("  consistency: " + plan.consistency);
    for (const auto& note : plan.notes) console.line("  note: " + note);
    console.object({{"message_type", "plan"},
                    {"target", job.name},
                    {"job", job.id},
                    {"engine", job.engine},
                    {"consistency", plan.consistency},
                    {"parts", parts},
                    {"notes", plan.notes}});
}

void do_job(run::Context& context, Console& console, const target::Job& job, bool dry,
            Tally& tally) {
    if (context.cancel().requested()) return;
    if (job.blocked) {
        tell_blocked(dry ? console : context.observer(), job);
        ++tally.blocked;
        return;
    }
    for (const auto& warning : job.warnings)
        console.note("warning: " + job.full_name() + ": " + warning.text +
                     (warning.hint.empty() ? "" : "\n  hint: " + warning.hint));
    const auto count_error = [&](const Error& error) {
        if (error.code == Code::conflict) ++tally.locked;
        else ++tally.failed;
    };
    if (dry) {
        auto plan = run::dry_run(context, job);
        if (!plan) {
            count_error(plan.error());
            console.event({"run.failed",
                           {{"target", job.name},
                            {"job", job.id},
                            {"engine", job.engine},
                            {"code", std::string(code_name(plan.error().code))},
                            {"reason", plan.error().message},
                            {"hint", plan.error().hint}}});
            return;
        }
        show_plan(console, job, *plan);
        ++tally.ok;
        return;
    }
    auto outcome = run::backup(context, job);
    if (!outcome) count_error(outcome.error());
    else if (outcome->failed_stores.empty()) ++tally.ok;
    else ++tally.degraded;
}

void do_jobs(run::Context& context, Console& console, const std::vector<target::Job>& jobs,
             bool dry, Tally& tally) {
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        for (std::size_t i = next++; i < jobs.size(); i = next++)
            do_job(context, console, jobs[i], dry, tally);
    };
    std::vector<std::thread> others;
    for (std::size_t i = 1;
         i < std::min<std::size_t>(context.settings().count("workers"), jobs.size()); ++i)
        others.emplace_back(work);
    work();
    for (auto& other : others) other.join();
}

Exit run_backup(Session& session, const BackupWish& wish) {
    auto& console = session.console();
    if (!wish.all && wish.names.empty())
        return console.fail({Code::invalid, "name a target, or say --all",
                             "`baktainer targets` lists what there is"});
    auto made = session.context();
    if (!made) return console.fail(made.error());
    run::Context& context = **made;
    if (!wish.dry_run) sweep(context);
    auto found = run::find_jobs(context);
    auto jobs = found.jobs;
    if (!wish.all) {
        auto picked = run::pick_jobs(found.jobs, wish.names);
        if (!picked) return found.source_failed ? Exit::failed : console.fail(picked.error());
        jobs = *std::move(picked);
    }
    if (!wish.job.empty()) {
        std::erase_if(jobs, [&](const auto& job) { return job.id != wish.job; });
        if (jobs.empty())
            return console.fail({Code::not_found, "no job '" + wish.job + "' on these targets",
                                 "`baktainer targets explain NAME` shows a target's jobs"});
    }
    if (jobs.empty() && !found.source_failed)
        return console.fail({Code::not_found, "there is nothing to back up",
                             "label a database container with baktainer.backup=true, or name a "
                             "local target in the configuration"});
    Tally tally;
    do_jobs(context, console, jobs, wish.dry_run, tally);
    context.observer().settle();
    tally.interrupted = context.cancel().requested();
    const Exit exit = tally.exit(found.source_failed);
    console.object({{"message_type", "summary"},
                    {"targets", jobs.size()},
                    {"ok", tally.ok.load()},
                    {"degraded", tally.degraded.load()},
                    {"failed", tally.failed + tally.locked},
                    {"blocked", tally.blocked.load()},
                    {"exit_code", static_cast<int>(exit)}});
    if (tally.interrupted) console.note("interrupted: nothing half-done was kept");
    else if (jobs.size() > 1)
        console.note(std::to_string(tally.ok + tally.degraded) + " of " +
                     std::to_string(jobs.size()) + (wish.dry_run ? " planned" : " backed up") +
                     (tally.blocked ? ", " + std::to_string(tally.blocked) + " blocked" : "") +
                     (tally.failed + tally.locked
                          ? ", " + std::to_string(tally.failed + tally.locked) + " failed"
                          : ""));
    return exit;
}

}  // namespace

Exit backup_all(Session& session) { return run_backup(session, {{}, "", true, false}); }

void add_backup(CLI::App& app, Action& action) {
    auto* verb = app.add_subcommand("backup", "Back up targets now");
    auto wish = std::make_shared<BackupWish>();
    verb->add_option("TARGET", wish->names, "Targets to back up (see `baktainer targets`)");
    verb->add_flag("--all", wish->all, "Every target there is");
    verb->add_option("--job", wish->job, "Only the job of this id");
    verb->add_flag("--dry-run", wish->dry_run,
                   "Ask the servers and say what would be stored; store nothing");
    verb->add_flag("--now")->description("Runs now, which is what `backup` always does");
    verb->add_flag("--wait")->description(
        "Waits until it is done, which is what `backup` always does");
    verb->footer("Examples:\n  baktainer backup --all\n  baktainer backup shop/db --dry-run");
    verb->callback(
        [&action, wish] { action = [wish](Session& s) { return run_backup(s, *wish); }; });
}

}  // namespace bkt::cli
