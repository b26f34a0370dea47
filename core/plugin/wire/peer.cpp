#include "core/plugin/wire/peer.hpp"

namespace bkt::wire {

namespace {
constexpr auto kAskEvery = std::chrono::milliseconds(20);
}

Peer::~Peer() { close(); }

void Peer::start(Handlers handlers) {
    handlers_ = std::move(handlers);
    receiver_ = std::thread([this] { receive_all(); });
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

void Peer::receive_all() {
    std::string why;
    for (;;) {
        auto received = channel_.receive();
        if (!received) {
            why = received.error().message;
            break;
        }
        if (!*received) break;
        take(std::move(**received));
    }
    hang_up(why);
}

void Peer::take(Message message) {
    if (message.type == Type::notice) return handlers_.notice(message);
    const std::lock_guard lock(mutex_);
    if (message.type == Type::reply) {
        // One that nobody waits for came too late, or twice.
        const auto found = waiting_.find(message.id);
        if (found == waiting_.end() || found->second->reply) return;
        found->second->reply = Reply{std::move(message.body), std::move(message.fds)};
        found->second->arrived.notify_one();
        return;
    }
    if (closing_ || requests_.size() >= kMaxQueue) return channel_.shut();
    requests_.push_back(std::move(message));
    if (idle_ >= requests_.size()) return queued_.notify_one();
    if (servers_.size() < kMaxThreads) servers_.emplace_back([this] { serve(); });
}

void Peer::serve() {
    std::unique_lock lock(mutex_);
    for (;;) {
        ++idle_;
        queued_.wait(lock, [&] { return closing_ || !requests_.empty(); });
        --idle_;
        if (closing_) return;
        Message message = std::move(requests_.front());
        requests_.pop_front();
        lock.unlock();
        answer(std::move(message));
        lock.lock();
    }
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
}

void Peer::close() {
    channel_.shut();
    if (receiver_.joinable()) receiver_.join();
    std::vector<std::thread> servers;
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
        servers.swap(servers_);
    }
    queued_.notify_all();
    for (auto& server : servers) server.join();
}

}  // namespace bkt::wire
