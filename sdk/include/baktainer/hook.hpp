// hook.hpp: derive from bkt::Hook to act before and after a backup, a verify or a restore.
#pragma once

#include <array>
#include <span>

#include "baktainer/abi/kinds/hook.h"
#include "baktainer/abi/services/events.h"
#include "baktainer/abi/services/metrics.h"
#include "baktainer/abi/services/secret.h"
#include "baktainer/exec.hpp"
#include "baktainer/http.hpp"

namespace bkt {

enum class Phase {
    backup = BKT_PHASE_BACKUP,
    verify = BKT_PHASE_VERIFY,
    restore = BKT_PHASE_RESTORE
};

// What is about to happen or has happened. Borrowed for the call; never holds a secret.
class HookEvent final {
public:
    explicit HookEvent(const bkt_hook_event* raw) : raw_(raw) {}
    Phase phase() const { return static_cast<Phase>(raw_->phase); }
    // Of the step, for after(): nullopt = it succeeded.
    std::optional<Code> failed() const {
        return raw_->outcome == BKT_OK ? std::nullopt
                                       : std::optional(static_cast<Code>(raw_->outcome));
    }
    std::string_view target() const { return view(raw_->target); }
    std::string_view job() const { return view(raw_->job); }
    std::string_view backup() const { return view(raw_->backup); }  // empty before a backup
    std::string_view json() const { return view(raw_->json); }

private:
    const bkt_hook_event* raw_;
};

// How a hook answers. Nothing said = continue.
class HookOut final {
public:
    explicit HookOut(const bkt_hook_out* raw) : raw_(raw) {}
    // Do not run the step this time; no error.
    void skip(std::string_view reason) { raw_->decide(raw_, BKT_DECISION_SKIP, str(reason)); }
    // Fail the run.
    void abort(std::string_view reason) { raw_->decide(raw_, BKT_DECISION_ABORT, str(reason)); }
    // A fact for the manifest. Never a secret.
    void annotate(std::string_view key, std::string_view value) {
        raw_->annotate(raw_, str(key), str(value));
    }

private:
    const bkt_hook_out* raw_;
};

// The contract of each method is that of bkt_hook_ops (abi/kinds/hook.h); what is not overridden is not
// called. An unknown phase never reaches these methods. The rest as in notifier.hpp.
class Hook {
public:
    static constexpr std::array needs{BKT_SERVICE_EXEC, BKT_SERVICE_HTTP, BKT_SERVICE_SECRET,
                                      BKT_SERVICE_METRICS, BKT_SERVICE_EVENTS};
    static constexpr std::span<const char* const> experimental{};

    virtual ~Hook() = default;
    virtual Status before(Call&, const HookEvent&, HookOut&) { return {}; }
    virtual Status after(Call&, const HookEvent&, HookOut&) { return {}; }
    virtual Result<std::string> health(Call&) { return std::string("not tested"); }
    virtual const void* extension(std::string_view) { return nullptr; }
};

}  // namespace bkt
