// run/backup_draft.hpp: a backup being made: where an engine's dump() delivers its parts. Nobody can see
// it as a backup before publish(); destroyed unpublished, it removes what it stored.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "core/archive/part_writer.hpp"
#include "core/run/engine.hpp"

namespace bkt::run {

struct DraftOptions {
    archive::Manifest manifest;  // filled but for parts, facts and duration
    std::vector<const archive::Store*> stores;
    config::Compression compression;
    stream::Budget budget;
    std::uint64_t bytes_per_s = 0;  // of all parts together; 0 = no limit
};

class BackupDraft final {
public:
    // Borrows engine, plan and scope.
    BackupDraft(DraftOptions options, const Engine& engine, const DumpPlan& plan,
                const plugin::CallScope& scope);
    ~BackupDraft();
    BackupDraft(const BackupDraft&) = delete;
    BackupDraft& operator=(const BackupDraft&) = delete;

    // For Engine::dump. Valid as long as the draft.
    const bkt_parts_out& out() const { return out_; }
    // What the engine's failure really was: a plugin whose write was refused knows only a code, the
    // pipeline behind it knows the reason.
    Error why(Error dump_error) const;
    // Told whenever more bytes passed; any thread, several at once.
    std::function<void(const std::string& part, std::uint64_t plain_bytes)> on_bytes;

    // Checks that every planned part was finished and lies in the stores with its size, then writes
    // RESTORE.txt, then, last, the manifest, into each store that has all parts. OK = at least one store
    // has the backup; `failed` says why each other has not.
    struct Published {
        archive::Manifest manifest;
        std::vector<std::string> stores;
        std::map<std::string, Error> failed;
    };
    Result<Published> publish(std::chrono::milliseconds duration);

private:
    struct OpenPart {
        bkt_sink sink;
        BackupDraft* draft;
        std::unique_ptr<archive::PartWriter> writer;
        std::string name;
    };
    static bkt_rc begin(const bkt_parts_out*, const bkt_call*, bkt_str name,
                        const bkt_sink** sink) noexcept;
    static bkt_rc finish(const bkt_parts_out*, const bkt_call*, const bkt_sink*,
                         std::int32_t exit_code, std::uint64_t tool_bytes) noexcept;
    static void fact(const bkt_parts_out*, bkt_str key, bkt_str value) noexcept;
    static bkt_rc write(const bkt_sink*, const void*, std::uint64_t) noexcept;
    static bkt_rc reserve(const bkt_sink*, void**, std::uint64_t*) noexcept;
    static bkt_rc commit(const bkt_sink*, std::uint64_t) noexcept;

    bkt_rc passed(const OpenPart& part, const Status& done);
    Result<const bkt_sink*> begin_part(std::string_view name);
    Status finish_part(const bkt_sink* sink, std::int32_t exit_code, std::uint64_t tool_bytes);
    Result<std::string> recipe_for(const std::vector<std::string>& parts);
    Status publish_in(const archive::Store& store, const std::string& recipe);
    void remove_from(const archive::Store& store) const;

    DraftOptions options_;
    const Engine& engine_;
    const DumpPlan& plan_;
    const plugin::CallScope& scope_;
    bkt_parts_out out_{};
    std::optional<stream::Rate> rate_;
    std::mutex begin_mutex_;  // an instance is asked for one validator at a time
    // Of what follows and the manifest: parts may be filled side by side.
    mutable std::mutex mutex_;
    std::map<std::string, std::unique_ptr<OpenPart>> open_;
    std::vector<std::optional<Error>> store_errors_;  // one a store
    std::optional<Error> sink_error_;                 // the first write that was refused
    std::vector<std::string> objects_;                // that were begun, for cleaning up
    std::vector<bool> published_;                     // one a store
};

}  // namespace bkt::run
