// plugin_host/op_call.hpp: one call of the host into this process: what the plugin sees as bkt_call, and the
// streams the host lent to it.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "baktainer/abi/call.h"
#include "core/plugin/arena.hpp"
#include "core/plugin/wire/body.hpp"
#include "core/plugin/wire/peer.hpp"
#include "core/plugin/wire/streams.hpp"

namespace bkt::plugin_host {

using wire::json;

class OpCall final {
public:
    OpCall(wire::Peer& peer, std::uint64_t id, std::uint64_t deadline_ns);
    OpCall(const OpCall&) = delete;
    OpCall& operator=(const OpCall&) = delete;

    const bkt_call* raw() const { return &raw_; }
    std::uint64_t id() const { return id_; }
    static OpCall& of(const bkt_call* call) { return *static_cast<OpCall*>(call->ctx); }

    void cancel() noexcept;
    // Asks the host something on behalf of this call: its answer, whose "rc" is BKT_FAULT when the host is
    // gone. `body` gains "op".
    wire::Reply ask(std::string_view method, json body, std::span<const int> fds = {});

    // Lent streams, by what the host's arguments say of them. Valid until the call ends.
    const bkt_sink* sink(const json& lent);
    const bkt_source* source(const json& lent);
    // Which lent one is this, if nothing has been moved through it here? 0 = none.
    std::uint64_t handle_of(const bkt_sink* sink) const;
    std::uint64_t handle_of(const bkt_source* source) const;
    // Ends a lent sink here; how many bytes went into it.
    std::uint64_t close_sink(std::uint64_t handle);
    void close_sources();

    // The reply to the host: the plugin's code, what it said, and every sink's count.
    json reply(bkt_rc rc, json out = nullptr);

private:
    static std::int32_t cancelled(const bkt_call* call) noexcept;
    static void fail(const bkt_call* call, bkt_rc rc, bkt_str message, bkt_str hint,
                     std::uint64_t retry_after_ms) noexcept;
    static void progress(const bkt_call* call, std::uint64_t done, std::uint64_t total,
                         bkt_str stage) noexcept;
    static void* alloc(const bkt_call* call, std::uint64_t size_bytes) noexcept;

    wire::Peer& peer_;
    const std::uint64_t id_;
    bkt_call raw_{};
    UniqueFd cancel_;
    std::atomic<bool> cancelled_{false};
    mutable std::mutex mutex_;  // guards what follows
    std::map<std::uint64_t, std::unique_ptr<wire::FdSink>> sinks_;
    std::map<std::uint64_t, std::unique_ptr<wire::FdSource>> sources_;
    plugin::Arena arena_;
    json said_;
    std::chrono::steady_clock::time_point next_progress_{};
};

}  // namespace bkt::plugin_host
