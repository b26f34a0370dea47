// notifier.hpp: derive from bkt::Notifier to tell people what happened.
#pragma once

#include <array>
#include <span>

#include "baktainer/abi/kinds/notifier.h"
#include "baktainer/abi/services/events.h"
#include "baktainer/abi/services/kv.h"
#include "baktainer/abi/services/metrics.h"
#include "baktainer/abi/services/secret.h"
#include "baktainer/http.hpp"

namespace bkt {

// Something that happened. Borrowed for the call; never holds a secret.
class Event final {
public:
    explicit Event(const bkt_event* raw) : raw_(raw) {}
    // The same for a repeated delivery of the same event.
    std::string_view key() const { return view(raw_->key); }
    std::string_view type() const { return view(raw_->type); }    // "run.finished"
    std::string_view title() const { return view(raw_->title); }  // one line for people
    std::string_view text() const { return view(raw_->text); }    // some lines for people
    // One JSON object: key, type, severity, time, title and the event's fields.
    std::string_view json() const { return view(raw_->json); }
    std::int64_t time_ns() const { return raw_->time_ns; }  // since 1970, UTC
    Severity severity() const {
        return raw_->severity >= 0 && raw_->severity <= 3 ? static_cast<Severity>(raw_->severity)
                                                          : Severity::error;
    }

private:
    const bkt_event* raw_;
};

// The contract of each method is that of bkt_notifier_ops (abi/kinds/notifier.h). A derived class has a
// constructor taking Call& (which may throw bkt::Error), or
//   static Result<std::unique_ptr<Self>> create(Call&);
// and may have static auto config() (schema.hpp), `needs` and `experimental` of its own, and
// static constexpr const char* kTitle (one line for people) and kVendor.
class Notifier {
public:
    static constexpr std::array needs{BKT_SERVICE_HTTP, BKT_SERVICE_SECRET, BKT_SERVICE_KV,
                                      BKT_SERVICE_METRICS, BKT_SERVICE_EVENTS};
    static constexpr std::span<const char* const> experimental{};

    virtual ~Notifier() = default;
    // Code::unavailable is tried again, anything else is not.
    virtual Status notify(Call& call, const Event& event) = 0;
    // One message for many events: what a daemon's schedule collects. No single command calls it. Not
    // overridden = notify() each.
    virtual Status digest(Call& call, std::span<const Event> events) {
        for (const Event& event : events) BKT_TRY(notify(call, event));
        return {};
    }
    // Where it delivers to, or why it cannot. Delivers nothing.
    virtual Result<std::string> health(Call&) { return std::string("not tested"); }
    virtual const void* extension(std::string_view) { return nullptr; }
};

}  // namespace bkt
