#include "core/run/restore_run.hpp"

#include <algorithm>
#include <filesystem>

#include "baktainer/engine.hpp"
#include "core/archive/part_reader.hpp"
#include "core/archive/plain_file.hpp"
#include "core/base/random_id.hpp"
#include "core/catalog/rescan.hpp"
#include "core/run/backup_run.hpp"
#include "core/run/find_jobs.hpp"
#include "core/run/restore_parts.hpp"
#include "core/run/safety.hpp"
#include "core/run/verify_run.hpp"

namespace bkt::run {

namespace {

// One restore's inputs, gathered.
struct Work {
    Context& context;
    const catalog::Entry& entry;
    const RestoreOptions& options;
    const archive::Store& store;
    archive::Manifest manifest;
    std::vector<archive::Part> parts;
    const plugin::CallScope& scope;

    std::uint64_t plain_bytes() const {
        std::uint64_t sum = 0;
        for (const auto& part : parts) sum += part.plain.size_bytes;
        return sum;
    }
};

// What belongs to no single database (roles, accounts) goes along into a new server only.
bool is_global(const archive::Part& part) {
    return part.media_type.find("globals") != std::string::npos;
}

Result<std::vector<archive::Part>> wanted_parts(const archive::Manifest& manifest,
                                                const RestoreOptions& o, bool with_globals) {
    std::vector<archive::Part> parts;
    std::string there;
    for (const auto& part : manifest.parts) {
        there += (there.empty() ? "" : ", ") + part.name;
        const auto stem = part.name.substr(0, part.name.rfind('.'));
        const bool database = o.database.empty() || stem == part_name(o.database, "") ||
                              (with_globals && is_global(part));
        if (database && (o.part.empty() || part.name == o.part)) parts.push_back(part);
    }
    const bool any = std::any_of(parts.begin(), parts.end(), [&](const auto& p) {
        return o.database.empty() || !is_global(p);
    });
    if (any) return parts;
    return Error{Code::not_found,
                 o.part.empty() ? "the backup holds no database '" + o.database + "'"
                                : "the backup has no part '" + o.part + "'",
                 "it has: " + there};
}

Result<RestoreOutcome> to_files(Work& w, const std::string& dir) {
    std::error_code ec;
    std::filesystem::create_directories(dir, ec);
    if (ec)
        return Error{Code::denied, "cannot make '" + dir + "': " + ec.message(),
                     "name a folder you may write to"};
    std::vector<archive::PlainFile> files;  // all names are free before the first byte is written
    for (const auto& part : w.parts) {
        BKT_LET(auto file, archive::PlainFile::create(dir + "/" + part.name));
        files.push_back(std::move(file));
    }
    std::uint64_t done = 0;
    for (std::size_t i = 0; i < files.size(); ++i) {
        BKT_TRY(archive::read_part(w.store, w.entry.folder, w.parts[i], files[i],
                                   w.context.budget(1, 1), w.scope));
        done += w.parts[i].plain.size_bytes;
        w.context.observer().progress({w.entry.target, w.parts[i].name, done, w.plain_bytes()});
    }
    return RestoreOutcome{"files in " + dir, "", done};
}

Status into_target(Work& w, const target::Target& target, const Source& source,
                   std::map<std::string, std::string> settings, const base::Secret& password) {
    EngineAccess access;
    access.engine = w.manifest.engine;
    access.settings = std::move(settings);
    access.settings["restore.database"] = w.options.into_database;
    access.target = &target;
    access.source = &source;
    if (access.settings["mode"] == "remote") {
        BKT_LET(access.this_machine, w.context.this_machine());
    }
    access.password = password;
    access.provider = [&context = w.context](const auto& name, const auto& ref) {
        return context.provided_secret(name, ref);
    };
    access.temp_root = w.context.temp_root();
    access.scrubber = std::make_shared<base::Scrubber>();
    const plugin::CallScope scope{
        w.scope.cancel, *access.scrubber, w.scope.deadline, {}, w.scope.facilities};
    BKT_LET(const Engine engine, Engine::open(w.context.registry(), std::move(access), scope));
    RestoreParts parts(w.store, w.entry.folder, w.parts, w.context.budget(1, 1), scope,
                       w.context.observer(), w.entry.target);
    if (auto restored = engine.restore(scope, parts.in()); !restored)
        return parts.why(std::move(restored).error());
    return parts.settle();
}

Result<RestoreOutcome> to_new_container(Work& w) {
    const auto& record = w.manifest.target;
    if (record.container_id.empty())
        return Error{Code::unsupported,
                     "'" + record.name + "' is no container, so no new one can be made like it",
                     "restore to files with --to file:DIR, or in place with --to " + record.name +
                         " --confirm"};
    BKT_LET(const Source* source, w.context.source(record.discovery));
    // A target's name is no container name yet: Docker allows 1-128 of [a-zA-Z0-9_.-].
    const std::string name = record.name + "-restore-" + base::random_id().substr(0, 6);
    auto clone = source->clone(w.scope, record.container_id, name);
    if (!clone)
        return std::move(clone).error().within("making a new container from '" + record.image +
                                               "'");

    auto settings = w.manifest.settings;
    settings.erase("db.host");  // the original's address is not the clone's
    // What the image makes at its first start (an empty database) is nobody's data.
    settings["restore.clean"] = "true";
    for (const auto& r : recognise(w.context.registry(), *clone, w.scope))
        if (r.engine == w.manifest.engine)
            for (const auto& [key, setting] : r.settings) settings.emplace(key, setting.value);
    if (auto done = into_target(w, *clone, *source, std::move(settings), {}); !done) {
        const auto cleanup = Context::cleanup_scope();
        if (auto removed = source->remove_clone(cleanup, clone->id); !removed)
            return Error{done.error().code,
                         done.error().message + "; and the half-restored container '" + name +
                             "' could not be removed",
                         "remove it with: docker rm -fv " + name};
        return std::move(done).error();
    }
    return RestoreOutcome{"container " + name, "", w.plain_bytes()};
}

Result<RestoreOutcome> in_place(Work& w) {
    const auto found = find_jobs(w.context);
    BKT_LET(const auto jobs, pick_jobs(found.jobs, {w.options.to}));
    const target::Job& job = jobs.front();
    if (!w.options.confirmed)
        return Error{Code::invalid, "restoring into '" + job.name + "' replaces what it holds",
                     "add --confirm; a safety backup is taken first"};
    if (job.blocked)
        return Error{Code::invalid, "'" + job.name + "' is blocked: " + job.blocked->text,
                     job.blocked->hint};
    if (job.engine != w.manifest.engine)
        return Error{Code::invalid,
                     "'" + job.name + "' is " + job.engine + ", the backup is " + w.manifest.engine,
                     "choose a target of the same engine"};
    BKT_TRY(verify(w.context, w.entry));
    BKT_LET(const std::string safety, save_first(w.context, job, w.manifest, w.options));

    BKT_LET(const Source* source, w.context.source(job.target->source));
    std::map<std::string, std::string> settings;
    for (const auto& [key, setting] : job.settings) settings[key] = setting.value;
    settings["restore.clean"] = "true";
    if (auto done = into_target(w, *job.target, *source, std::move(settings), job.password);
        !done) {
        auto error = std::move(done).error();
        error.hint = (safety.empty() ? "nothing was there before"
                                     : "the state before is in backup " + safety) +
                     (error.hint.empty() ? "" : "; " + error.hint);
        return error;
    }
    return RestoreOutcome{"target " + job.name, safety, w.plain_bytes(), safety.empty()};
}

Result<RestoreOutcome> run(Context& context, const catalog::Entry& entry,
                           const RestoreOptions& options) {
    const base::Scrubber scrubber;
    const plugin::CallScope scope{
        context.cancel(), scrubber, std::nullopt, {}, context.scope().facilities};
    const bool fresh = options.to.empty() || options.to == "new-container";
    BKT_LET(const archive::Store* store, context.store(entry.store));
    BKT_LET(auto manifest, catalog::read_manifest(*store, entry.folder, scope));
    BKT_LET(auto parts, wanted_parts(manifest, options, fresh));
    Work work{context, entry, options, *store, std::move(manifest), std::move(parts), scope};
    if (options.to.starts_with("file:")) return to_files(work, options.to.substr(5));
    return fresh ? to_new_container(work) : in_place(work);
}

}  // namespace

Result<RestoreOutcome> restore(Context& context, const catalog::Entry& entry,
                               const RestoreOptions& options) {
    const auto started = std::chrono::steady_clock::now();
    const std::string to = options.to.empty() ? "new-container" : options.to;
    context.observer().event(
        {"restore.started", {{"backup", entry.id}, {"target", entry.target}, {"to", to}}});
    auto outcome = run(context, entry, options);
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                        std::chrono::steady_clock::now() - started)
                        .count();
    if (outcome)
        context.observer().event({"restore.finished",
                                  {{"backup", entry.id},
                                   {"target", entry.target},
                                   {"to", outcome->where},
                                   {"plain_bytes", outcome->plain_bytes},
                                   {"duration_ms", static_cast<std::uint64_t>(ms)}}});
    else
        context.observer().event({"restore.failed",
                                  {{"backup", entry.id},
                                   {"target", entry.target},
                                   {"to", to},
                                   {"code", std::string(code_name(outcome.error().code))},
                                   {"reason", outcome.error().message},
                                   {"hint", outcome.error().hint}}});
    return outcome;
}

}  // namespace bkt::run
