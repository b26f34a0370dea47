#include "core/run/backup_run.hpp"

#include <charconv>
#include <mutex>
#include <thread>

#include "core/base/random_id.hpp"
#include "core/base/units.hpp"
#include "core/catalog/job_lock.hpp"
#include "core/config/split.hpp"
#include "core/run/backup_draft.hpp"

namespace bkt::run {

namespace {

using Steady = std::chrono::steady_clock;

Result<Engine> open_engine(Context& context, const target::Job& job,
                           std::shared_ptr<base::Scrubber> scrubber,
                           const plugin::CallScope& scope) {
    BKT_LET(const Source* source, context.source(job.target->source));
    EngineAccess access;
    access.engine = job.engine;
    for (const auto& [key, setting] : job.settings) access.settings[key] = setting.value;
    access.target = job.target.get();
    access.source = source;
    if (job.setting("mode") == "remote") {
        BKT_LET(access.this_machine, context.this_machine());
    }
    access.password = job.password;
    access.provider = [&context = context](const auto& name, const auto& ref) {
        return context.provided_secret(name, ref);
    };
    access.temp_root = context.temp_root();
    access.scrubber = std::move(scrubber);
    return Engine::open(context.registry(), std::move(access), scope);
}

// Settings a later verify or restore must know; never a secret and never where one is. A command of the user's
// own may hold what it should have referred to; a name that happens to be the password stays, or nothing could
// be restored.
std::map<std::string, std::string> kept_settings(const target::Job& job,
                                                 const base::Scrubber& scrubber) {
    std::map<std::string, std::string> kept;
    for (const char* key : {"db.name", "db.user", "db.host", "db.port", "db.auth-db", "db.format",
                            "db.include", "db.exclude", "db.only", "command.end-marker"})
        if (const auto value = job.setting(key); !value.empty()) kept[key] = value;
    for (const char* key : {"command", "command.validate", "command.restore"})
        if (const auto value = job.setting(key); !value.empty()) kept[key] = scrubber.scrub(value);
    return kept;
}

std::map<std::string, std::string> kept_labels(const target::Target& target,
                                               const base::Scrubber& scrubber) {
    std::map<std::string, std::string> kept;
    for (const auto& [label, value] : target.labels)
        if (label.starts_with("baktainer.") && label.find("password") == label.npos &&
            label.find("secret") == label.npos)
            kept[label] = scrubber.scrub(value).substr(0, config::kMaxLabelBytes);
    return kept;
}

archive::Manifest begun_manifest(const Context& context, const target::Job& job,
                                 const Engine& engine, const DumpPlan& plan,
                                 const base::Scrubber& scrubber) {
    archive::Manifest m;
    m.id = base::random_id();
    m.created = base::now();
    m.host = target::slug_of(context.settings().text("host"));
    m.target = {job.name,           job.target->host_files ? "" : job.target->id,
                job.target->image,  job.target->image_digest,
                job.target->source, kept_labels(*job.target, scrubber)};
    m.job = job.id;
    m.engine = job.engine;
    m.engine_plugin = engine.component().module;
    m.engine_version = engine.component().version;
    m.program_version = BAKTAINER_VERSION;
    m.consistency = plan.consistency;
    m.settings = kept_settings(job, scrubber);
    return m;
}

Result<std::vector<const archive::Store*>> open_stores(Context& context, const target::Job& job) {
    std::vector<const archive::Store*> stores;
    for (const auto& name : config::split(job.setting("stores"), ',')) {
        BKT_LET(const archive::Store* store, context.store(name));
        stores.push_back(store);
    }
    return stores;
}

// The backup exists by now: a catalogue that cannot take it is told of, and repaired by a rescan.
void note_in_catalogue(Context& context, const BackupDraft::Published& published) {
    const auto note = [&]() -> Status {
        BKT_LET(catalog::Catalog * catalog, context.catalog());
        const std::lock_guard guard(context.catalog_mutex());
        for (const auto& store : published.stores)
            BKT_TRY(catalog->put(catalog::entry_of(published.manifest, store)));
        return {};
    };
    if (auto done = note(); !done)
        context.observer().event(
            {"catalog.failed",
             {{"backup", published.manifest.id},
              {"reason", done.error().message},
              {"hint", "the backup is complete; list it again with `baktainer catalog rescan`"}}});
}

// How many parts the job's memory must do for. An engine that was told "auto" may do with fewer.
std::uint64_t parts_at_once(const target::Job& job) {
    const std::string wish = job.setting("parallel");
    if (wish == "auto") return std::clamp(std::thread::hardware_concurrency(), 1u, 4u);
    std::uint64_t parts = 1;
    std::from_chars(wish.data(), wish.data() + wish.size(), parts);
    return std::clamp<std::uint64_t>(parts, 1, 16);
}

Result<BackupOutcome> run(Context& context, const target::Job& job) {
    const auto started = Steady::now();
    auto scrubber = std::make_shared<base::Scrubber>();
    const plugin::CallScope scope{
        context.cancel(),
        *scrubber,
        started + base::parse_duration(job.setting("timeout")).value_or(std::chrono::hours(6)),
        {},
        context.scope().facilities};

    BKT_LET(const auto lock, catalog::JobLock::acquire(context.state_dir(), job.name, job.id));
    BKT_LET(const auto stores, open_stores(context, job));
    BKT_LET(const Engine engine, open_engine(context, job, scrubber, scope));
    BKT_LET(const DumpPlan plan, engine.plan(scope));
    if (plan.parts.empty())
        return Error{Code::not_found, "what was to be saved has gone meanwhile", "run it again"};

    DraftOptions options{begun_manifest(context, job, engine, plan, *scrubber), stores,
                         *config::parse_compression(job.setting("compress")),
                         context.budget(stores.size(), parts_at_once(job)),
                         base::parse_size(job.setting("limit-rate")).value_or(0)};
    BackupDraft draft(std::move(options), engine, plan, scope);
    std::map<std::string, std::uint64_t> passed;
    std::mutex passed_mutex;
    draft.on_bytes = [&](const std::string& part, std::uint64_t plain_bytes) {
        std::uint64_t sum = 0;
        {
            const std::lock_guard lock(passed_mutex);
            passed[part] = plain_bytes;
            for (const auto& [name, bytes] : passed) sum += bytes;
        }
        context.observer().progress({job.full_name(), part, sum, plan.estimate_bytes()});
    };
    if (auto dumped = engine.dump(scope, draft.out()); !dumped)
        return draft.why(std::move(dumped).error());
    BKT_LET(auto published, draft.publish(std::chrono::duration_cast<std::chrono::milliseconds>(
                                Steady::now() - started)));

    note_in_catalogue(context, published);
    return BackupOutcome{std::move(published.manifest), std::move(published.stores),
                         std::move(published.failed)};
}

}  // namespace

Result<BackupOutcome> backup(Context& context, const target::Job& job) {
    auto& observer = context.observer();
    observer.event(
        {"run.started", {{"target", job.name}, {"job", job.id}, {"engine", job.engine}}});
    auto outcome = run(context, job);
    if (!outcome) {
        const auto& e = outcome.error();
        observer.event({"run.failed",
                        {{"target", job.name},
                         {"job", job.id},
                         {"engine", job.engine},
                         {"code", std::string(code_name(e.code))},
                         {"reason", e.message},
                         {"hint", e.hint}}});
        return outcome;
    }
    const auto& m = outcome->manifest;
    for (const auto& [store, e] : outcome->failed_stores)
        observer.event({"run.degraded",
                        {{"target", job.name},
                         {"job", job.id},
                         {"backup", m.id},
                         {"store", store},
                         {"reason", e.message},
                         {"hint", e.hint}}});
    observer.event({"run.finished",
                    {{"target", job.name},
                     {"job", job.id},
                     {"engine", job.engine},
                     {"backup", m.id},
                     {"parts", m.parts.size()},
                     {"plain_bytes", m.plain_bytes()},
                     {"stored_bytes", m.stored_bytes()},
                     {"duration_ms", m.duration_ms}}});
    return outcome;
}

Result<DumpPlan> dry_run(Context& context, const target::Job& job) {
    auto scrubber = std::make_shared<base::Scrubber>();
    const plugin::CallScope scope{context.cancel(),
                                  *scrubber,
                                  std::chrono::steady_clock::now() + std::chrono::minutes(2),
                                  {},
                                  context.scope().facilities};
    BKT_TRY(open_stores(context, job));
    BKT_LET(const Engine engine, open_engine(context, job, scrubber, scope));
    return engine.plan(scope);
}

}  // namespace bkt::run
