#include "core/plugin/wire/peer.hpp"

namespace bkt::wire {

namespace {
constexpr auto kAskEvery = std::chrono::milliseconds(20);
// Waking a sleeping thread takes 20-25 us where a whole short call takes as much: a caller looks that long
// before it sleeps.
constexpr auto kSpin = std::chrono::microseconds(50);
// A call made while answering waits for others to receive: the handler may hold what a notice needs.
thread_local bool is_answering = false;
}  // namespace

Peer::~Peer() { close(); }

void Peer::start(Handlers handlers) {
    handlers_ = std::move(handlers);
    const std::lock_guard lock(mutex_);
    servers_.emplace_back([this] { serve(); });
}

Result<Reply> Peer::call(std::string_view method, const json& body, std::span<const int> fds,
                         const std::function<Status()>& go_on) {
    Waiting waiting;
    waiting.receives = callers_receive_ && !is_answering;
    Lock lock(mutex_);
    const Error over{Code::unavailable, "the other process is gone"};
    if (gone_) return over;
    const std::uint64_t id = next_id_++;
    waiting_[id] = &waiting;
    lock.unlock();
    Status going = channel_.send(Type::request, id, method, body, fds);
    lock.lock();
    auto asked = std::chrono::steady_clock::now();
    while (going && !waiting.reply && !gone_) {
        if (waiting.receives && !receiving_) receive_for(waiting, lock);
        else waiting.arrived.wait_for(lock, kAskEvery);
        const auto now = std::chrono::steady_clock::now();
        if (waiting.reply || !go_on || now - asked < kAskEvery) continue;
        asked = now;
        lock.unlock();
        going = go_on();
        lock.lock();
    }
    waiting_.erase(id);
    if (waiting.reply) return std::move(*waiting.reply);
    if (!going) return std::move(going).error();
    return over;
}

void Peer::notify(std::string_view method, const json& body) const {
    if (!gone_) static_cast<void>(channel_.send(Type::notice, 0, method, body));
}

// Of the servers one watches the channel, unless a caller receives; the others answer or are idle.
void Peer::serve() {
    Lock lock(mutex_);
    while (!over()) {
        if (!requests_.empty()) {
            answer_one(lock);
        } else if (!watching_) {
            watching_ = true;
            watch(lock);
            watching_ = false;
        } else {
            ++idle_;
            turn_.wait(lock, [&] { return over() || !requests_.empty() || !watching_; });
            --idle_;
        }
    }
}

// Until there is a request to answer. A caller that receives is not disturbed, and its end not told: calls
// often follow each other.
void Peer::watch(Lock& lock) {
    while (!over() && requests_.empty()) {
        if (receiving_) {
            turn_.wait_for(lock, kAskEvery);
            continue;
        }
        lock.unlock();
        channel_.await(std::chrono::milliseconds(-1));
        lock.lock();
        if (over() || receiving_) continue;
        receiving_ = true;
        if (channel_.await({})) receive_one(lock);
        receiving_ = false;
    }
}

// The watcher answers itself what it received, when another can watch meanwhile: a request then costs one
// change of thread, not two.
void Peer::answer_one(Lock& lock) {
    Message message = std::move(requests_.front());
    requests_.pop_front();
    if (!watching_) call_server(1, lock);
    if (over()) return;
    lock.unlock();
    answer(std::move(message));
    lock.lock();
}

void Peer::receive_for(Waiting& waiting, Lock& lock) {
    receiving_ = true;
    const auto until = std::chrono::steady_clock::now() + kAskEvery;
    const auto spin = std::exchange(waiting.looked, true) ? std::chrono::microseconds(0) : kSpin;
    while (!waiting.reply && !over() && std::chrono::steady_clock::now() < until) {
        lock.unlock();
        const bool any = channel_.await(kAskEvery, spin);
        lock.lock();
        if (any) receive_one(lock);
        if (!requests_.empty()) call_server(requests_.size(), lock);
    }
    stop_receiving();
}

// Somebody must go on when others wait: one of them, or the watcher.
void Peer::stop_receiving() {
    receiving_ = false;
    bool any = false;
    for (const auto& [id, waiting] : waiting_) {
        if (waiting->reply) continue;
        any = true;
        if (waiting->receives) return waiting->arrived.notify_one();
    }
    if (any) turn_.notify_all();
}

// With `receiving_` held, and a message there.
void Peer::receive_one(Lock& lock) {
    lock.unlock();
    auto received = channel_.receive();
    if (received && *received && (*received)->type == Type::notice) handlers_.notice(**received);
    lock.lock();
    if (!received || !*received) return hang_up(received ? "" : received.error().message, lock);
    if ((*received)->type == Type::reply) take_reply(std::move(**received));
    else if ((*received)->type == Type::request) requests_.push_back(std::move(**received));
}

void Peer::take_reply(Message message) {
    // One that nobody waits for came too late, or twice.
    const auto found = waiting_.find(message.id);
    if (found == waiting_.end() || found->second->reply) return;
    found->second->reply = Reply{std::move(message.body), std::move(message.fds)};
    found->second->arrived.notify_one();
}

// Sees to it that `wanted` servers are free.
void Peer::call_server(std::size_t wanted, Lock& lock) {
    if (over()) return;
    if (idle_ >= wanted) return turn_.notify_one();
    if (servers_.size() < kMaxThreads) return void(servers_.emplace_back([this] { serve(); }));
    // Nobody would be left to hear the answers that all of them may wait for.
    hang_up("more requests at once than are answered", lock);
}

void Peer::answer(Message message) {
    is_answering = true;
    const Reply reply = handlers_.request(message);
    is_answering = false;
    std::vector<int> fds;
    for (const auto& fd : reply.fds) fds.push_back(fd.get());
    if (!channel_.send(Type::reply, message.id, "", reply.body, fds)) channel_.shut();
}

void Peer::hang_up(const std::string& why, Lock& lock) {
    if (std::exchange(hung_up_, true)) return;
    lock.unlock();
    channel_.shut();
    handlers_.gone(why);  // first: who waits may ask why
    lock.lock();
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
