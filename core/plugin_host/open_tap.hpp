// plugin_host/open_tap.hpp: a validator, fed from a pipe by a thread of its own.
#pragma once

#include <atomic>
#include <thread>

#include "core/plugin_host/server.hpp"

namespace bkt::plugin_host {

struct OpenTap final {
    // `opened` is kept: the tap may use its instance.
    OpenTap(const bkt_tap* tap, std::shared_ptr<Opened> opened)
        : tap_(tap), opened_(std::move(opened)) {}
    OpenTap(const OpenTap&) = delete;
    OpenTap& operator=(const OpenTap&) = delete;
    ~OpenTap();

    // Once: false = it was fed or has told its verdict.
    bool start(Server& server, const OpCall& like, UniqueFd bytes);
    // After the host closed the pipe: the verdict on `bytes` bytes, as a reply. Once: then BKT_BUG.
    json finish(Server& server, const OpCall& like, std::uint64_t bytes);

private:
    void read_all();
    void begin(Server& server, const OpCall& like);

    const bkt_tap* const tap_;
    const std::shared_ptr<Opened> opened_;
    std::unique_ptr<OpCall> call_;  // for all of the tap's methods
    UniqueFd bytes_;
    std::uint64_t fed_ = 0;
    std::atomic<bool> started_{false}, finished_{false};
    bkt_rc rc_ = BKT_OK;
    std::thread reader_;
};

}  // namespace bkt::plugin_host
