// worker/remote_tap.hpp: a validator in the plugin's process: the bytes go by a pipe, its verdict by the
// channel.
#pragma once

#include <optional>

#include "core/plugin/worker/proxy.hpp"

namespace bkt::plugin::worker {

class RemoteTap final {
public:
    // Released through the tap's own release(). `instance` outlives it.
    static const bkt_tap* make(Instance& instance, std::uint64_t id, std::uint64_t tail_bytes);

private:
    RemoteTap(Instance& instance, std::uint64_t id, std::uint64_t tail_bytes);
    ~RemoteTap();
    static RemoteTap& of(const bkt_tap* tap) { return *static_cast<RemoteTap*>(tap->ctx); }
    bkt_rc feed(const bkt_call* call, const void* bytes, std::uint64_t len);
    bkt_rc finish(const bkt_call* call);
    Op& op(const bkt_call* call);
    bkt_rc push(const char* bytes, std::size_t len);

    Instance& instance_;
    const std::uint64_t id_;
    bkt_tap raw_{};
    // One call serves the whole life of a tap (stream.h).
    std::optional<Op> op_;
    UniqueFd pipe_;
    std::uint64_t fed_ = 0;
};

}  // namespace bkt::plugin::worker
