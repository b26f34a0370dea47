// tail_keeper.hpp: reads a tool's last bytes in time when whoever takes them is slow.
//
// When a tool ends, containerd gives the rest of its output two seconds to be read, throws away what is left and
// says all the same that the tool ended well (waitTimeout in the shim's execProcess.delete and initProcess.delete;
// https://github.com/containerd/containerd/issues/12289, https://github.com/moby/moby/issues/45689). A store that
// is slower than the database, or a rate limit, blocks the reader that long at every chunk. So while it is blocked
// a thread looks whether the tool has ended, and then reads for it.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "plugins/discovery/docker/connection.hpp"

namespace bkt::docker {

class TailKeeper final {
public:
    // `has_ended`: whether the tool is known to have ended; asked on a thread of the keeper's, while the reader is
    // blocked, about every 100 ms.
    TailKeeper(Connection& connection, std::function<bool()> has_ended);
    ~TailKeeper();
    TailKeeper(const TailKeeper&) = delete;
    TailKeeper& operator=(const TailKeeper&) = delete;

    // As of the connection, what was kept first. Not while blocked.
    Result<std::optional<std::size_t>> try_read(std::span<std::byte> into);
    bool has_pending() const;

    // Runs `wait`, which may block, and leaves the connection to the keeper meanwhile.
    template <class Blocking>
    auto while_blocked(Blocking&& wait) {
        set_blocked(true);
        auto done = wait();
        set_blocked(false);
        return done;
    }

private:
    void set_blocked(bool blocked);
    void watch();
    bool asked_has_ended();
    bool keep_some();

    Connection& connection_;
    const std::function<bool()> has_ended_;
    std::mutex reading_;  // held by the reader but while it is blocked
    std::mutex mutex_;    // of what follows
    std::condition_variable changed_;
    bool is_blocked_ = false, is_over_ = false;
    std::vector<std::byte> kept_;
    std::size_t taken_ = 0;
    bool is_at_end_ = false;  // the connection's end was read
    std::optional<Error> failure_;
    std::thread thread_;
};

}  // namespace bkt::docker
