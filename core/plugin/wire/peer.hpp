// wire/peer.hpp: one end of a channel over which both sides ask and answer at the same time.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "core/plugin/wire/channel.hpp"

namespace bkt::wire {

// What a request is answered with. `fds` are closed once sent.
struct Reply {
    json body;
    std::vector<UniqueFd> fds;
};

class Peer final {
public:
    struct Handlers {
        // Answers a request on a thread of the peer's own; several at once. Must not throw.
        std::function<Reply(Message&)> request;
        // Takes a notice, in order, on the receiving thread of the moment: must not block. Must not throw.
        std::function<void(Message&)> notice;
        // Called once, on the receiving thread: the other side is gone, or broke the protocol (`why`).
        std::function<void(const std::string& why)> gone;
    };

    explicit Peer(UniqueFd socket) : channel_(std::move(socket)) {}
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;
    ~Peer();  // close()

    // Before start(), on one thread: a channel to shake hands on.
    const Channel& channel() const { return channel_; }
    void start(Handlers handlers);
    // Asks and waits. Every 20 ms at most `go_on` is asked; its error ends the waiting and is returned, and
    // a reply that comes later is dropped. Code::unavailable when the other side is gone. Any thread.
    Result<Reply> call(std::string_view method, const json& body, std::span<const int> fds = {},
                       const std::function<Status()>& go_on = {});
    // One way; lost when the other side is gone. Any thread.
    void notify(std::string_view method, const json& body) const;
    bool is_gone() const { return gone_; }
    // Ends the connection and waits for every handler.
    void close();

private:
    struct Waiting {
        std::optional<Reply> reply;
        std::condition_variable arrived;
    };

    void serve();
    bool receive_one(std::unique_lock<std::mutex>& lock);
    void take_reply(Message message);
    void answer(Message message);
    void hang_up(const std::string& why);

    static constexpr std::size_t kMaxThreads = 64;
    Channel channel_;
    Handlers handlers_;
    std::atomic<bool> gone_{false};

    std::mutex mutex_;  // guards what follows
    std::uint64_t next_id_ = 1;
    std::map<std::uint64_t, Waiting*> waiting_;
    std::condition_variable turn_;  // to receive
    std::size_t idle_ = 0;          // servers that wait for their turn
    bool receiving_ = false;        // one server does
    bool closing_ = false;
    std::vector<std::thread> servers_;
};

}  // namespace bkt::wire
