#include "core/plugin/call_context.hpp"

#include <algorithm>
#include <exception>

#include "baktainer/call.hpp"

namespace bkt::plugin {

namespace {
constexpr std::size_t kMaxMessageBytes = 4096;
constexpr std::size_t kMaxFailures = 16;
// Scrubbed before it is cut: a secret across the cut would keep its first half.
constexpr std::size_t kMaxScrubbedBytes = kMaxMessageBytes + 64 * 1024;
}  // namespace

CallContext::CallContext(const CallScope& scope, std::string plugin, const base::Scrubber* own)
    : scope_(scope), plugin_(std::move(plugin)), own_(own) {
    raw_.size = sizeof raw_;
    raw_.ctx = this;
    if (scope.deadline)
        raw_.deadline_ns = static_cast<std::uint64_t>(scope.deadline->time_since_epoch().count());
    raw_.cancel_fd = scope.cancel.fd();
    raw_.cancelled = &cancelled;
    raw_.fail = &fail;
    raw_.progress = &progress;
    raw_.alloc = &alloc;
}

std::string CallContext::scrubbed(bkt_str text) const {
    const auto said = view(text).substr(0, kMaxScrubbedBytes);
    return scope_.scrubber.scrub(own_ ? own_->scrub(said) : std::string(said), kMaxMessageBytes);
}

const CallContext& CallContext::of(const bkt_call* call) {
    return *static_cast<const CallContext*>(call->ctx);
}

std::int32_t CallContext::cancelled(const bkt_call* call) noexcept {
    const auto& scope = of(call).scope_;
    return scope.cancel.requested() ||
           (scope.deadline && std::chrono::steady_clock::now() >= *scope.deadline);
}

void CallContext::fail(const bkt_call* call, bkt_rc rc, bkt_str message, bkt_str hint,
                       std::uint64_t retry_after_ms) noexcept {
    const auto& self = of(call);
    try {
        const std::lock_guard lock(self.mutex_);
        // An empty message means: pass on what a host service already said.
        if (message.len == 0 && !self.failures_.empty()) return;
        Error said{static_cast<Code>(rc), self.scrubbed(message), self.scrubbed(hint)};
        said.retry_after_ms = retry_after_ms;
        if (self.failures_.size() == kMaxFailures) self.failures_.erase(self.failures_.begin());
        self.failures_.push_back(std::move(said));
    } catch (...) {
        // Out of memory while reporting: the code alone still travels.
    }
}

void CallContext::progress(const bkt_call* call, std::uint64_t done, std::uint64_t total,
                           bkt_str stage) noexcept {
    try {
        if (const auto& report = of(call).scope_.progress) report(done, total, view(stage));
    } catch (...) {
        // Progress is a courtesy: losing one report must not end a backup.
    }
}

void* CallContext::alloc(const bkt_call* call, std::uint64_t size_bytes) noexcept {
    return of(call).arena_.lend(size_bytes);
}

bkt_rc CallContext::fail(const Error& error) const { return fail_call(&raw_, error); }

Status CallContext::outcome(bkt_rc rc) const {
    const std::lock_guard lock(mutex_);
    if (rc == BKT_OK) return {};
    if (code_name(static_cast<Code>(rc)) == "unknown")
        return Error{Code::fault,
                     "plugin '" + plugin_ + "' returned the unknown code " + std::to_string(rc)};
    if (static_cast<Code>(rc) == Code::cancelled && scope_.cancel.requested())
        return Error{Code::cancelled, "cancelled"};
    // Several things may have failed, at once or one after the other and been got over: the last that fits.
    const auto fits = [&](const Error& e) { return e.code == static_cast<Code>(rc); };
    auto said = std::find_if(failures_.rbegin(), failures_.rend(), fits);
    if (said == failures_.rend()) said = failures_.rbegin();
    if (said == failures_.rend() || said->message.empty())
        return Error{static_cast<Code>(rc), "plugin '" + plugin_ + "' failed (" +
                                                std::string(code_name(static_cast<Code>(rc))) +
                                                ") and did not say why"};
    Error told{static_cast<Code>(rc), said->message, said->hint};
    told.retry_after_ms = said->retry_after_ms;
    return told;
}

}  // namespace bkt::plugin
