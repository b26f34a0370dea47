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
    // Who receives while a call waits: a thread of the peer's own, or the caller, whose answer then costs one
    // change of thread less. The latter is for the side that asks often and is seldom asked: what comes unasked
    // within 20 ms after a call may be heard that late.
    enum class Receiving : std::uint8_t { by_servers, by_callers };

    explicit Peer(UniqueFd socket, Receiving receiving = Receiving::by_servers)
        : channel_(std::move(socket)), callers_receive_(receiving == Receiving::by_callers) {}
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;
    ~Peer();  // close()

    // Before start(), on one thread: a channel to shake hands on. Later: to be shut, on any thread.
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
    using Lock = std::unique_lock<std::mutex>;
    struct Waiting {
        std::optional<Reply> reply;
        bool receives = false;  // when nobody else does
        bool looked = false;    // without sleeping
        std::condition_variable arrived;
    };

    bool over() const { return closing_ || gone_; }
    void serve();
    void watch(Lock& lock);
    void answer_one(Lock& lock);
    void receive_for(Waiting& waiting, Lock& lock);
    void receive_one(Lock& lock);
    void take_reply(Message message);
    void call_server(std::size_t wanted, Lock& lock);
    void stop_receiving();
    void answer(Message message);
    void hang_up(const std::string& why, Lock& lock);

    static constexpr std::size_t kMaxThreads = 64;
    Channel channel_;
    const bool callers_receive_;
    Handlers handlers_;
    std::atomic<bool> gone_{false};

    std::mutex mutex_;  // guards what follows
    std::uint64_t next_id_ = 1;
    std::map<std::uint64_t, Waiting*> waiting_;
    std::deque<Message> requests_;
    std::condition_variable turn_;  // for servers: to answer or to watch
    std::size_t idle_ = 0;          // servers that wait for their turn
    bool watching_ = false;         // one server does
    bool receiving_ = false;        // a thread does
    bool hung_up_ = false;
    bool closing_ = false;
    std::vector<std::thread> servers_;
};

}  // namespace bkt::wire
