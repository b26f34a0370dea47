#include "core/report/sentence.hpp"

#include "core/base/units.hpp"

namespace bkt::report {

namespace {

std::string sizes(const run::Event& e) { return base::human_size(run::number(e, "plain_bytes")); }
std::string took(const run::Event& e) {
    return base::human_duration(std::chrono::milliseconds(run::number(e, "duration_ms")));
}

}  // namespace

std::string sentence(const run::Event& e) {
    const auto target =
        run::field(e, "target") + (run::field(e, "job").empty() || run::field(e, "job") == "default"
                                       ? ""
                                       : "." + run::field(e, "job"));
    if (e.id == "run.started") return {};
    if (e.id == "run.finished")
        return target + ": backed up as " + run::field(e, "backup") + ", " + sizes(e) + " in " +
               run::field(e, "parts") + (run::field(e, "parts") == "1" ? " part" : " parts") +
               ", stored as " + base::human_size(run::number(e, "stored_bytes")) + ", " + took(e);
    if (e.id == "run.degraded")
        return target + ": backup " + run::field(e, "backup") + " is not in store '" +
               run::field(e, "store") + "': " + run::field(e, "reason");
    if (e.id == "run.failed") return target + ": backup failed: " + run::field(e, "reason");
    if (e.id == "target.blocked") return target + ": blocked: " + run::field(e, "reason");
    if (e.id == "verify.finished")
        return run::field(e, "backup") + " (" + target + "): whole in store '" +
               run::field(e, "store") + "', " + sizes(e) + " read in " + took(e);
    if (e.id == "verify.failed")
        return run::field(e, "backup") + " (" + target + "): NOT WHOLE in store '" +
               run::field(e, "store") + "': " + run::field(e, "reason");
    if (e.id == "restore.started") return {};
    if (e.id == "restore.finished")
        return run::field(e, "backup") + " (" + target + "): restored to " + run::field(e, "to") +
               ", " + sizes(e) + ", " + took(e);
    if (e.id == "restore.failed")
        return run::field(e, "backup") + " (" + target +
               "): restore failed: " + run::field(e, "reason");
    if (e.id == "restore.gone")
        return target + ": " + run::field(e, "what") +
               " does not exist: nothing of it is saved before the restore";
    if (e.id == "store.swept")
        return "store '" + run::field(e, "store") + "': removed " + run::field(e, "objects") +
               " left by an interrupted run";
    if (e.id == "store.unreachable")
        return "store '" + run::field(e, "store") + "': " + run::field(e, "reason");
    if (e.id == "source.unreachable") return run::field(e, "reason");
    if (e.id == "notify.failed")
        return "notifier '" + run::field(e, "notifier") + "' was not told of " +
               run::field(e, "about") + ": " + run::field(e, "reason");
    if (e.id == "plugin.event")
        return "plugin '" + run::field(e, "plugin") + "': " + run::field(e, "name") + ": " +
               run::field(e, "text");
    return std::string(e.id) + ": " + run::field(e, "reason");
}

}  // namespace bkt::report
