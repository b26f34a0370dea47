#include "core/plugin_host/op_call.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include "baktainer/call.hpp"

namespace bkt::plugin_host {

namespace {
constexpr auto kProgressEvery = std::chrono::milliseconds(100);

std::uint64_t now_ns() {
    return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
}
}  // namespace

OpCall::OpCall(wire::Peer& peer, std::uint64_t id, std::uint64_t deadline_ns)
    : peer_(peer), id_(id), cancel_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    raw_.size = sizeof raw_;
    raw_.ctx = this;
    raw_.deadline_ns = deadline_ns;
    raw_.cancel_fd = cancel_.get();
    raw_.cancelled = &cancelled;
    raw_.fail = &fail;
    raw_.progress = &progress;
    raw_.alloc = &alloc;
}

void OpCall::cancel() noexcept {
    cancelled_ = true;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto n = ::write(cancel_.get(), &one, sizeof one);
}

std::int32_t OpCall::cancelled(const bkt_call* call) noexcept {
    return of(call).cancelled_ || (call->deadline_ns && now_ns() >= call->deadline_ns);
}

void OpCall::fail(const bkt_call* call, bkt_rc rc, bkt_str message, bkt_str hint,
                  std::uint64_t retry_after_ms) noexcept {
    try {
        auto& self = of(call);
        const std::lock_guard lock(self.mutex_);
        self.said_ = {{"rc", rc},
                      {"message", view(message)},
                      {"hint", view(hint)},
                      {"retry_after_ms", retry_after_ms}};
    } catch (...) {
        // The code alone still travels.
    }
}

void OpCall::progress(const bkt_call* call, std::uint64_t done, std::uint64_t total,
                      bkt_str stage) noexcept {
    try {
        auto& self = of(call);
        {
            const auto now = std::chrono::steady_clock::now();
            const std::lock_guard lock(self.mutex_);
            if (now < self.next_progress_) return;
            self.next_progress_ = now + kProgressEvery;
        }
        self.peer_.notify(
            "progress",
            {{"op", self.id_}, {"done", done}, {"total", total}, {"stage", view(stage)}});
    } catch (...) {
        // One report less.
    }
}

void* OpCall::alloc(const bkt_call* call, std::uint64_t size_bytes) noexcept {
    return of(call).arena_.lend(size_bytes);
}

wire::Reply OpCall::ask(std::string_view method, json body, std::span<const int> fds) {
    body["op"] = id_;
    auto reply = peer_.call(method, body, fds);
    if (!reply) return {{{"rc", BKT_FAULT}}, {}};
    return *std::move(reply);
}

const bkt_sink* OpCall::sink(const json& lent) {
    const auto handle = wire::number(lent, "handle");
    auto sink = std::make_unique<wire::FdSink>(
        [this, handle]() -> Result<UniqueFd> {
            auto reply = ask("sink.open", {{"handle", handle}});
            if (reply.fds.empty()) return Error{static_cast<Code>(wire::code(reply.body)), {}};
            return std::move(reply.fds[0]);
        },
        [this, handle] {
            return wire::code(ask("sink.status", {{"handle", handle}}).body);
        });
    const std::lock_guard lock(mutex_);
    return (sinks_[handle] = std::move(sink))->raw();
}

const bkt_source* OpCall::source(const json& lent) {
    const auto handle = wire::number(lent, "handle");
    auto source = std::make_unique<wire::FdSource>(
        [this, handle]() -> Result<UniqueFd> {
            auto reply = ask("source.open", {{"handle", handle}});
            if (reply.fds.empty()) return Error{static_cast<Code>(wire::code(reply.body)), {}};
            return std::move(reply.fds[0]);
        },
        [this, handle]() -> wire::Carried {
            const auto reply = ask("source.status", {{"handle", handle}});
            return {wire::code(reply.body), wire::number(reply.body, "bytes")};
        },
        wire::number(lent, "size_bytes"));
    const std::lock_guard lock(mutex_);
    return (sources_[handle] = std::move(source))->raw();
}

std::uint64_t OpCall::handle_of(const bkt_sink* sink) const {
    const std::lock_guard lock(mutex_);
    for (const auto& [handle, lent] : sinks_)
        if (lent->raw() == sink && !lent->is_opened()) return handle;
    return 0;
}

std::uint64_t OpCall::handle_of(const bkt_source* source) const {
    const std::lock_guard lock(mutex_);
    for (const auto& [handle, lent] : sources_)
        if (lent->raw() == source && !lent->is_opened()) return handle;
    return 0;
}

std::uint64_t OpCall::close_sink(std::uint64_t handle) {
    const std::lock_guard lock(mutex_);
    const auto found = sinks_.find(handle);
    if (found == sinks_.end()) return 0;
    found->second->close();
    const auto bytes = found->second->bytes();
    sinks_.erase(found);
    return bytes;
}

void OpCall::close_sources() {
    const std::lock_guard lock(mutex_);
    sources_.clear();
}

json OpCall::reply(bkt_rc rc, json out) {
    json made{{"rc", rc}, {"out", std::move(out)}};  // no word of streams where there were none
    const std::lock_guard lock(mutex_);
    arena_.clear();
    for (const auto& [handle, source] : sources_)
        if (source->is_opened())
            made["sources"].push_back({{"handle", handle}, {"bytes", source->bytes()}});
    sources_.clear();
    for (auto& [handle, sink] : sinks_) {
        sink->close();
        if (sink->is_opened())
            made["sinks"].push_back({{"handle", handle}, {"bytes", sink->bytes()}});
    }
    if (said_.is_object()) made["said"] = said_;
    return made;
}

}  // namespace bkt::plugin_host
