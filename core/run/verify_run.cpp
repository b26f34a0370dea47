#include "core/run/verify_run.hpp"

#include "core/archive/part_reader.hpp"
#include "core/catalog/rescan.hpp"
#include "core/run/engine.hpp"

namespace bkt::run {

namespace {

Result<std::uint64_t> run(Context& context, const catalog::Entry& entry) {
    auto scrubber = std::make_shared<base::Scrubber>();
    const plugin::CallScope scope{
        context.cancel(), *scrubber, std::nullopt, {}, context.scope().facilities};
    BKT_LET(const archive::Store* store, context.store(entry.store));
    BKT_LET(const auto manifest, catalog::read_manifest(*store, entry.folder, scope));
    EngineAccess access;
    access.engine = manifest.engine;
    access.settings = manifest.settings;
    access.temp_root = context.temp_root();
    access.scrubber = scrubber;
    BKT_LET(const Engine engine, Engine::open(context.registry(), std::move(access), scope));

    std::uint64_t done_bytes = 0;
    for (const auto& part : manifest.parts) {
        BKT_LET(const auto validator, engine.validator(scope, part.name, part.media_type, true));
        stream::NullStage end;
        stream::TapStage tap(end, *validator);
        BKT_TRY(archive::read_part(*store, entry.folder, part, tap, context.budget(1, 1), scope));
        done_bytes += part.plain.size_bytes;
        context.observer().progress({entry.target, part.name, done_bytes, manifest.plain_bytes()});
    }
    return done_bytes;
}

}  // namespace

Status verify(Context& context, const catalog::Entry& entry) {
    const auto started = std::chrono::steady_clock::now();
    auto outcome = run(context, entry);
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                        std::chrono::steady_clock::now() - started)
                        .count();
    const bool interrupted = !outcome && outcome.error().code == Code::cancelled;
    if (!interrupted) {  // an interrupted check says nothing about the backup
        BKT_LET(catalog::Catalog * catalog, context.catalog());
        const std::lock_guard lock(context.catalog_mutex());
        BKT_TRY(catalog->mark_verified(entry.id, entry.store, base::rfc3339(base::now()),
                                       outcome ? "ok" : outcome.error().message));
    }
    if (outcome) {
        context.observer().event({"verify.finished",
                                  {{"backup", entry.id},
                                   {"target", entry.target},
                                   {"store", entry.store},
                                   {"plain_bytes", *outcome},
                                   {"duration_ms", static_cast<std::uint64_t>(ms)}}});
        return {};
    }
    const auto& e = outcome.error();
    context.observer().event({"verify.failed",
                              {{"backup", entry.id},
                               {"target", entry.target},
                               {"store", entry.store},
                               {"code", std::string(code_name(e.code))},
                               {"reason", e.message},
                               {"hint", e.hint}}});
    return e;
}

}  // namespace bkt::run
