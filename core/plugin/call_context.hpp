// plugin/call_context.hpp: the host's side of bkt_call: one call into a plugin, from just before it to
// just after it.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "baktainer/abi/call.h"
#include "baktainer/result.hpp"
#include "core/base/cancel.hpp"
#include "core/base/scrubber.hpp"
#include "core/plugin/arena.hpp"

namespace bkt::plugin {

struct Facilities;

// What the calls of one run share. Borrowed by every CallContext made from it.
struct CallScope {
    const base::Cancel& cancel;
    const base::Scrubber& scrubber;
    std::optional<std::chrono::steady_clock::time_point> deadline;
    // done, total (0 = unknown), stage; any thread.
    std::function<void(std::uint64_t, std::uint64_t, std::string_view)> progress;
    // For the instances opened in it; nullptr = no state, metrics or events.
    std::shared_ptr<Facilities> facilities = nullptr;
};

class CallContext final {
public:
    // `plugin` names who is called in errors; `own`: what its instance knows, scrubbed beside what the
    // scope knows.
    CallContext(const CallScope& scope, std::string plugin, const base::Scrubber* own = nullptr);
    CallContext(const CallContext&) = delete;
    CallContext& operator=(const CallContext&) = delete;

    const bkt_call* raw() const { return &raw_; }
    // The call's return code as a Status, with what the plugin said through fail(). A code that is no
    // category, or OK after fail(), is the plugin's broken promise and says so.
    Status outcome(bkt_rc rc) const;
    // As the plugin's own fail(); for host services that fail on its behalf.
    bkt_rc fail(const Error& error) const;

private:
    static const CallContext& of(const bkt_call* call);
    static std::int32_t cancelled(const bkt_call* call) noexcept;
    static void fail(const bkt_call* call, bkt_rc rc, bkt_str message, bkt_str hint,
                     std::uint64_t retry_after_ms) noexcept;
    static void progress(const bkt_call* call, std::uint64_t done, std::uint64_t total,
                         bkt_str stage) noexcept;
    static void* alloc(const bkt_call* call, std::uint64_t size_bytes) noexcept;

    std::string scrubbed(bkt_str text) const;

    const CallScope& scope_;
    std::string plugin_;
    const base::Scrubber* own_;
    bkt_call raw_{};
    mutable std::mutex mutex_;
    mutable std::vector<Error> failures_;  // the last few, in order
    mutable Arena arena_;
};

// Reports `error` on a call a plugin handed back to a host service. Returns its code.
inline bkt_rc fail_call(const bkt_call* call, const Error& error) noexcept {
    const auto rc = static_cast<bkt_rc>(error.code);
    call->fail(call, rc, {error.message.data(), error.message.size()},
               {error.hint.data(), error.hint.size()}, 0);
    return rc;
}

}  // namespace bkt::plugin
