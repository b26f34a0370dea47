#include "core/plugin/wire/peer.hpp"

namespace bkt::wire {

namespace {
constexpr auto kAskEvery = std::chrono::milliseconds(20);
}

Peer::~Peer() { close(); }

void Peer::start(Handlers handlers) {
    handlers_ = std::move(handlers);
    const std::lock_guard lock(mutex_);
    servers_.emplace_back([this] { serve(); });
}

Result<Reply> Peer::call(std::string_view method, const json& body, std::span<const int> fds,
                         const std::function<Status()>& go_on) {
    Waiting waiting;
    std::unique_lock lock(mutex_);
    const Error over{Code::unavailable, "the other process is gone"};
    if (gone_) return over;
    const std::uint64_t id = next_id_++;
    waiting_[id] = &waiting;
    lock.unlock();
    auto sent = channel_.send(Type::request, id, method, body, fds);
    lock.lock();
    Status going = std::move(sent);
    while (going && !waiting.reply && !gone_) {
        if (!go_on) {
            waiting.arrived.wait(lock);
        } else if (waiting.arrived.wait_for(lock, kAskEvery) == std::cv_status::timeout) {
            lock.unlock();
            going = go_on();
            lock.lock();
        }
    }
    waiting_.erase(id);
    if (waiting.reply) return std::move(*waiting.reply);
    if (!going) return std::move(going).error();
    return over;
}

void Peer::notify(std::string_view method, const json& body) const {
    if (!gone_) static_cast<void>(channel_.send(Type::notice, 0, method, body));
}

// One server receives at a time. When it is handed a request it lets another receive and answers itself: a
// request then costs one change of thread, not two.
void Peer::serve() {
    std::unique_lock lock(mutex_);
    for (;;) {
        ++idle_;
        turn_.wait(lock, [&] { return closing_ || gone_ || !receiving_; });
        --idle_;
        if (closing_ || gone_) return;
        receiving_ = true;
        while (receive_one(lock)) {
        }
        if (closing_ || gone_) return;
    }
}

// False when this thread has handed the receiving over, or there is nothing more to receive.
bool Peer::receive_one(std::unique_lock<std::mutex>& lock) {
    lock.unlock();
    auto received = channel_.receive();
    if (!received || !*received) {
        hang_up(received ? "" : received.error().message);
        lock.lock();
        return false;
    }
    Message message = std::move(**received);
    if (message.type == Type::notice) handlers_.notice(message);
    lock.lock();
    if (message.type == Type::reply) take_reply(std::move(message));
    if (message.type != Type::request) return true;
    receiving_ = false;
    if (idle_ > 0) {
        turn_.notify_one();
    } else if (servers_.size() < kMaxThreads && !closing_) {
        servers_.emplace_back([this] { serve(); });
    } else if (!closing_) {
        // Nobody would be left to hear the answers that all of them may wait for.
        lock.unlock();
        hang_up("more requests at once than are answered");
        lock.lock();
        return false;
    }
    lock.unlock();
    answer(std::move(message));
    lock.lock();
    return false;
}

void Peer::take_reply(Message message) {
    // One that nobody waits for came too late, or twice.
    const auto found = waiting_.find(message.id);
    if (found == waiting_.end() || found->second->reply) return;
    found->second->reply = Reply{std::move(message.body), std::move(message.fds)};
    found->second->arrived.notify_one();
}

void Peer::answer(Message message) {
    const Reply reply = handlers_.request(message);
    std::vector<int> fds;
    for (const auto& fd : reply.fds) fds.push_back(fd.get());
    if (!channel_.send(Type::reply, message.id, "", reply.body, fds)) channel_.shut();
}

void Peer::hang_up(const std::string& why) {
    channel_.shut();
    handlers_.gone(why);  // first: who waits may ask why
    const std::lock_guard lock(mutex_);
    gone_ = true;
    for (auto& [id, waiting] : waiting_) waiting->arrived.notify_one();
    turn_.notify_all();
}

void Peer::close() {
    channel_.shut();
    std::vector<std::thread> servers;
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
        servers.swap(servers_);
    }
    turn_.notify_all();
    for (auto& server : servers) server.join();
}

}  // namespace bkt::wire
