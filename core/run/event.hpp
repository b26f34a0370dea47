// run/event.hpp: the one table of events. Logs, JSON output, notifications and (later) history use the
// same ids and fields; ids are public API.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace bkt::run {

enum class Severity { info, warning, error };

struct EventRow {
    std::string_view id;
    Severity severity;
    std::string_view fields;  // comma-separated, in the order they are given
    std::string_view meaning;
};

inline constexpr std::array kEvents{
    EventRow{"target.blocked", Severity::error, "target,job,reason,hint",
             "a target asks for a backup and cannot have one as configured"},
    EventRow{"run.started", Severity::info, "target,job,engine,run", "a backup began"},
    EventRow{"run.finished", Severity::info,
             "target,job,engine,backup,parts,plain_bytes,stored_bytes,duration_ms",
             "a backup was published in every store it should be in"},
    EventRow{"run.degraded", Severity::warning, "target,job,backup,store,reason,hint",
             "a backup was published, but not in this store"},
    EventRow{"run.failed", Severity::error, "target,job,engine,code,reason,hint",
             "a backup failed; nothing of it was kept"},
    EventRow{"verify.finished", Severity::info, "backup,target,store,plain_bytes,duration_ms",
             "a stored backup was read back whole"},
    EventRow{"verify.failed", Severity::error, "backup,target,store,code,reason,hint",
             "a stored backup is not what was stored"},
    EventRow{"restore.started", Severity::info, "backup,target,to", "a restore began"},
    EventRow{
        "restore.gone", Severity::warning, "target,what",
        "something that a restore in place replaces is not there: its safety backup is without it"},
    EventRow{"restore.finished", Severity::info, "backup,target,to,plain_bytes,duration_ms",
             "a restore is complete"},
    EventRow{"restore.failed", Severity::error, "backup,target,to,code,reason,hint",
             "a restore failed"},
    EventRow{"catalog.failed", Severity::warning, "backup,reason,hint",
             "a published backup could not be noted in the catalogue"},
    EventRow{"store.swept", Severity::warning, "store,objects",
             "what an interrupted run had left in a store was removed"},
    EventRow{"store.unreachable", Severity::error, "store,reason,hint", "a store cannot be used"},
    EventRow{"source.unreachable", Severity::error, "source,reason,hint",
             "a discovery source cannot be asked"},
    EventRow{"notify.failed", Severity::warning, "notifier,about,reason,hint",
             "a notifier could not be told of an event; never told to notifiers itself"},
    EventRow{"plugin.event", Severity::info, "plugin,kind,name,text",
             "a plugin says that something is worth telling; its severity is the plugin's own"},
};

using FieldValue = std::variant<std::string, std::uint64_t>;

struct Event {
    std::string_view id;  // of kEvents
    std::vector<std::pair<std::string_view, FieldValue>> fields;
    std::optional<Severity> severity = std::nullopt;  // when it is not the row's
};

constexpr const EventRow& row_of(std::string_view id) {
    for (const auto& row : kEvents)
        if (row.id == id) return row;
    return kEvents.front();
}

inline Severity severity_of(const Event& event) {
    return event.severity.value_or(row_of(event.id).severity);
}

// A field as text, empty when there is none; as a number, 0 when there is none.
inline std::string field(const Event& event, std::string_view name) {
    for (const auto& [key, value] : event.fields)
        if (key == name)
            return std::holds_alternative<std::string>(value)
                       ? std::get<std::string>(value)
                       : std::to_string(std::get<std::uint64_t>(value));
    return {};
}
inline std::uint64_t number(const Event& event, std::string_view name) {
    for (const auto& [key, value] : event.fields)
        if (key == name && std::holds_alternative<std::uint64_t>(value))
            return std::get<std::uint64_t>(value);
    return 0;
}

}  // namespace bkt::run
