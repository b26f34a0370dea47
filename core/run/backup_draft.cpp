#include "core/run/backup_draft.hpp"

#include <algorithm>

#include "baktainer/call.hpp"
#include "core/archive/layers.hpp"
#include "core/archive/restore_txt.hpp"
#include "core/run/context.hpp"

namespace bkt::run {

namespace {

BackupDraft& draft_of(const bkt_parts_out* out) { return *static_cast<BackupDraft*>(out->ctx); }

}  // namespace

BackupDraft::BackupDraft(DraftOptions options, const Engine& engine, const DumpPlan& plan,
                         const plugin::CallScope& scope)
    : options_(std::move(options)),
      engine_(engine),
      plan_(plan),
      scope_(scope),
      store_errors_(options_.stores.size()),
      published_(options_.stores.size()) {
    if (options_.bytes_per_s) rate_.emplace(options_.bytes_per_s);
    out_ = {sizeof out_, 0, this, &begin, &finish, &fact};
}

BackupDraft::~BackupDraft() {
    open_.clear();  // abandons what is unfinished, before its objects are removed
    for (std::size_t i = 0; i < options_.stores.size(); ++i)
        if (!published_[i]) remove_from(*options_.stores[i]);
}

// What cannot be removed now has no manifest, so it is no backup, and the next start sweeps it.
void BackupDraft::remove_from(const archive::Store& store) const {
    const auto scope = Context::cleanup_scope();
    for (const auto& object : objects_)
        static_cast<void>(store.remove(scope, options_.manifest.folder() + "/" + object));
    static_cast<void>(
        store.remove(scope, options_.manifest.folder() + "/" + std::string(archive::kRestoreName)));
}

// --- the C face ---

bkt_rc BackupDraft::begin(const bkt_parts_out* out, const bkt_call* call, bkt_str name,
                          const bkt_sink** sink) noexcept {
    try {
        auto made = draft_of(out).begin_part(view(name));
        if (!made) return plugin::fail_call(call, made.error());
        *sink = *made;
        return BKT_OK;
    } catch (...) {
        return BKT_BUG;
    }
}

bkt_rc BackupDraft::finish(const bkt_parts_out* out, const bkt_call* call, const bkt_sink* sink,
                           std::int32_t exit_code, std::uint64_t tool_bytes) noexcept {
    try {
        if (auto done = draft_of(out).finish_part(sink, exit_code, tool_bytes); !done)
            return plugin::fail_call(call, done.error());
        return BKT_OK;
    } catch (...) {
        return BKT_BUG;
    }
}

void BackupDraft::fact(const bkt_parts_out* out, bkt_str key, bkt_str value) noexcept {
    try {
        auto& draft = draft_of(out);
        const auto& scrubber = draft.scope_.scrubber;
        const std::lock_guard lock(draft.mutex_);
        draft.options_.manifest.facts[scrubber.scrub(view(key), 200)] =
            scrubber.scrub(view(value), 4096);
    } catch (...) {
        // A fact is a courtesy.
    }
}

bkt_rc BackupDraft::write(const bkt_sink* sink, const void* bytes, std::uint64_t len) noexcept {
    auto& part = *static_cast<OpenPart*>(sink->ctx);
    try {
        auto done = part.writer->input().write({static_cast<const std::byte*>(bytes), len});
        return part.draft->passed(part, done);
    } catch (...) {
        return BKT_BUG;
    }
}

bkt_rc BackupDraft::reserve(const bkt_sink* sink, void** bytes, std::uint64_t* cap) noexcept {
    auto& part = *static_cast<OpenPart*>(sink->ctx);
    try {
        auto room = part.writer->input().reserve();
        if (!room) return part.draft->passed(part, room.error());
        *bytes = room->data();
        *cap = room->size();
        return BKT_OK;
    } catch (...) {
        return BKT_BUG;
    }
}

bkt_rc BackupDraft::commit(const bkt_sink* sink, std::uint64_t len) noexcept {
    auto& part = *static_cast<OpenPart*>(sink->ctx);
    try {
        auto done = part.writer->input().commit(len);
        return part.draft->passed(part, done);
    } catch (...) {
        return BKT_BUG;
    }
}

// --- what it does ---

bkt_rc BackupDraft::passed(const OpenPart& part, const Status& done) {
    if (on_bytes) on_bytes(part.name, part.writer->plain_bytes());
    if (done) return BKT_OK;
    const std::lock_guard lock(mutex_);
    if (!sink_error_) sink_error_ = Error(done.error()).within("part '" + part.name + "'");
    return static_cast<bkt_rc>(done.error().code);
}

Error BackupDraft::why(Error dump_error) const {
    const std::lock_guard lock(mutex_);
    return sink_error_ && sink_error_->code == dump_error.code ? *sink_error_
                                                               : std::move(dump_error);
}

Result<const bkt_sink*> BackupDraft::begin_part(std::string_view name) {
    const std::lock_guard begin_lock(begin_mutex_);
    const PlannedPart* planned = plan_.find(name);
    const std::string text(name);
    if (!planned)
        return Error{Code::fault, "plugin '" + engine_.component().module +
                                      "' delivers the part '" + text + "', which it did not plan"};
    auto part = std::make_unique<OpenPart>();
    part->draft = this;
    part->name = text;
    part->sink = {sizeof(bkt_sink), 0, part.get(), &write, &reserve, &commit};
    BKT_LET(auto validator, engine_.validator(scope_, text, planned->media_type, false));
    archive::PartOptions options{text,
                                 planned->media_type,
                                 options_.manifest.folder(),
                                 options_.compression,
                                 options_.budget,
                                 rate_ ? &*rate_ : nullptr};
    const std::lock_guard lock(mutex_);
    if (open_.count(text))
        return Error{Code::fault, "plugin '" + engine_.component().module + "' began the part '" +
                                      text + "' twice"};
    std::vector<const archive::Store*> stores = options_.stores;
    for (std::size_t i = 0; i < stores.size(); ++i)
        if (store_errors_[i]) stores[i] = nullptr;
    objects_.push_back(archive::object_name(text, archive::layers_for(options_.compression)));
    part->writer = std::make_unique<archive::PartWriter>(std::move(options), std::move(validator),
                                                         std::move(stores), scope_);
    return &(open_[text] = std::move(part))->sink;
}

Status BackupDraft::finish_part(const bkt_sink* sink, std::int32_t exit_code,
                                std::uint64_t tool_bytes) {
    auto& part = *static_cast<OpenPart*>(sink->ctx);
    auto outcome = part.writer->finish(exit_code, tool_bytes);
    if (!outcome) return std::move(outcome).error();
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < store_errors_.size(); ++i)
        if (outcome->store_errors[i] && !store_errors_[i])
            store_errors_[i] = std::move(outcome->store_errors[i]);
    options_.manifest.parts.push_back(std::move(outcome->part));
    return {};
}

Status BackupDraft::publish_in(const archive::Store& store, const std::string& recipe) {
    const auto& m = options_.manifest;
    // Another process may have tidied the store meanwhile: what the manifest names must be there now.
    for (const auto& part : m.parts) {
        BKT_LET(const auto object, store.stat(scope_, m.folder() + "/" + part.object));
        if (object.size_bytes != part.stored.size_bytes)
            return Error{Code::corrupt, "part '" + part.name + "' has " +
                                            std::to_string(object.size_bytes) +
                                            " bytes in store '" + store.name() + "', not " +
                                            std::to_string(part.stored.size_bytes)};
    }
    if (!store.stat(scope_, std::string(archive::kRestoreName)))
        if (auto made = store.put_text(scope_, std::string(archive::kRestoreName),
                                       archive::store_text(), false);
            !made && made.error().code != Code::exists)
            return made;
    BKT_TRY(store.put_text(scope_, m.folder() + "/" + std::string(archive::kRestoreName),
                           archive::restore_text(m, recipe), false));
    if (scope_.cancel.requested()) return Error{Code::cancelled, "cancelled"};
    return store.put_text(scope_, m.folder() + "/" + std::string(archive::kManifestName),
                          archive::to_json(m), false);
}

// A small engine may have none; its backups are worth keeping all the same.
Result<std::string> BackupDraft::recipe_for(const std::vector<std::string>& parts) {
    auto recipe = engine_.recipe(scope_, parts);
    if (recipe || recipe.error().code != Code::unsupported) return recipe;
    return "# The engine '" + engine_.component().name +
           "' tells no commands for these files. Give each to its database's own tool, or use\n"
           "# `baktainer restore`, which asks the engine.\n";
}

Result<BackupDraft::Published> BackupDraft::publish(std::chrono::milliseconds duration) {
    auto& m = options_.manifest;
    for (const auto& planned : plan_.parts) {
        bool done = false;
        for (const auto& part : m.parts) done = done || part.name == planned.name;
        if (!done)
            return Error{Code::fault, "plugin '" + engine_.component().module +
                                          "' said OK and did not finish the part '" + planned.name +
                                          "'"};
    }
    // As planned, in whatever order parts that were made side by side ended.
    const auto planned_at = [&](const archive::Part& part) { return plan_.find(part.name); };
    std::sort(m.parts.begin(), m.parts.end(),
              [&](const auto& a, const auto& b) { return planned_at(a) < planned_at(b); });
    m.duration_ms = static_cast<std::uint64_t>(duration.count());
    std::vector<std::string> names;
    for (const auto& part : m.parts) names.push_back(part.name);
    BKT_LET(const std::string recipe, recipe_for(names));
    Published published{m, {}, {}};
    const Error* last = nullptr;
    for (std::size_t i = 0; i < options_.stores.size(); ++i) {
        const auto& store = *options_.stores[i];
        if (!store_errors_[i])
            if (auto done = publish_in(store, recipe); !done)
                store_errors_[i] = std::move(done).error();
        published_[i] = !store_errors_[i];
        if (published_[i]) published.stores.push_back(store.name());
        else published.failed.emplace(store.name(), *(last = &*store_errors_[i]));
    }
    if (published.stores.empty()) return *last;
    return published;
}

}  // namespace bkt::run
