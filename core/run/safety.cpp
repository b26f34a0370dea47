#include "core/run/safety.hpp"

#include "core/run/backup_run.hpp"

namespace bkt::run {
namespace {

constexpr const char* kFrom = "restore";

// In the words of "db.name". What goes back under its own name is among what the backup was told to hold: the name of
// one alone (a part's, of a file) need not be such a word. A name that a list would part is none either: then all is saved.
std::string replaced(const archive::Manifest& manifest, const RestoreOptions& options) {
    const auto& into = options.into_database;
    if (!into.empty()) return into.find(',') == into.npos ? into : "*";
    const auto held = manifest.settings.find("db.name");
    return held == manifest.settings.end() ? "" : held->second;
}

target::Job safety_job(const target::Job& job, const archive::Manifest& manifest,
                       const RestoreOptions& options) {
    target::Job whole = job;
    for (const char* key : {"db.include", "db.exclude", "db.only", "db.name"})
        whole.settings.erase(key);
    if (auto names = replaced(manifest, options); !names.empty())
        whole.settings["db.name"] = {std::move(names), kFrom};
    whole.settings["restore.safety"] = {"true", kFrom};
    if (!options.into_database.empty())
        whole.settings["restore.database"] = {options.into_database, kFrom};
    return whole;
}

}  // namespace

Result<std::string> save_first(Context& context, const target::Job& job,
                               const archive::Manifest& manifest, const RestoreOptions& options) {
    const target::Job whole = safety_job(job, manifest, options);
    auto planned = dry_run(context, whole);
    if (!planned)
        return std::move(planned).error().within(
            "before the safety backup, so nothing was touched");
    for (const auto& what : planned->gone)
        context.observer().event({"restore.gone", {{"target", job.name}, {"what", what}}});
    if (planned->parts.empty()) return std::string();
    auto safety = backup(context, whole);
    if (!safety)
        return std::move(safety).error().within("the safety backup failed, so nothing was touched");
    return std::move(safety->manifest.id);
}

}  // namespace bkt::run
