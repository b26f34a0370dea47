#include "core/report/delivery.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "core/plugin/facilities.hpp"

namespace bkt::report {

namespace {

using Clock = std::chrono::steady_clock;
// What a plugin that was cancelled may take to return.
constexpr auto kGrace = std::chrono::seconds(2);

Error given_up() {
    return {Code::timeout, "it was not delivered in time", "look at the notifier's server"};
}

}  // namespace

// Outlives the Delivery when the plugin does not return: the thread holds it too.
struct Delivery::State {
    explicit State(DeliveryOptions o) : options(std::move(o)) {}

    DeliveryOptions options;
    base::Cancel cancel;
    base::Scrubber nothing;
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<Message> waiting;
    std::optional<Message> telling;
    bool over = false;
    bool abandoned = false;            // nobody is left to report to
    bool ended = false;                // the thread
    std::optional<Notifier> notifier;  // the thread's alone
    std::thread thread;

    void run() {
        for (;;) {
            {
                std::unique_lock lock(mutex);
                changed.wait(lock, [&] { return over || !waiting.empty(); });
                if (over) break;
                telling = std::move(waiting.front());
                waiting.pop_front();
            }
            const Status done = tell(*telling);
            std::unique_lock lock(mutex);
            // Only the bound of settle(), or the end, cancels: its time was up.
            if (!done && !abandoned)
                fail(lock, *telling,
                     done.error().code == Code::cancelled ? given_up() : done.error());
            telling.reset();
            changed.notify_all();
        }
        notifier.reset();
        const std::lock_guard lock(mutex);
        ended = true;
        changed.notify_all();
    }

    void fail(std::unique_lock<std::mutex>& lock, const Message& message, const Error& error) {
        const Message copy = message;
        lock.unlock();
        options.failed(copy, error);
        lock.lock();
    }

    Status tell(const Message& message) {
        const auto deadline = Clock::now() + options.timeout;
        auto pause = options.first_pause;
        for (;;) {
            const Status done = attempt(message, deadline);
            if (done) return {};
            if (done.error().code != Code::unavailable) return done;
            const auto wait = std::max<Clock::duration>(
                pause, std::chrono::milliseconds(std::min<std::uint64_t>(
                           done.error().retry_after_ms, 24ull * 3600 * 1000)));
            if (Clock::now() + wait >= deadline) return done;
            std::unique_lock lock(mutex);
            if (changed.wait_for(lock, wait, [&] { return over || cancel.requested(); }))
                return done;
            pause *= 2;
        }
    }

    Status attempt(const Message& message, Clock::time_point deadline) {
        const plugin::CallScope scope{cancel, nothing, deadline, {}, options.facilities};
        if (!notifier) {
            auto opened = options.open(scope);
            if (!opened) return std::move(opened).error();
            notifier.emplace(*std::move(opened));
        }
        return notifier->notify(scope, message);
    }
};

Delivery::Delivery(DeliveryOptions options) : state_(std::make_shared<State>(std::move(options))) {
    state_->thread = std::thread([state = state_] { state->run(); });
}

Delivery::~Delivery() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->over = true;
        state_->cancel.request();
        state_->changed.notify_all();
    }
    std::unique_lock lock(state_->mutex);
    if (state_->changed.wait_for(lock, kGrace, [&] { return state_->ended; })) {
        lock.unlock();
        state_->thread.join();
        return;
    }
    state_->abandoned = true;
    state_->thread.detach();
}

void Delivery::add(Message message) {
    std::unique_lock lock(state_->mutex);
    if (state_->waiting.size() >= kMaxWaitingMessages) {
        lock.unlock();
        return state_->options.failed(message,
                                      {Code::no_space, "too many events wait for this notifier",
                                       "look at its server, or let 'on' select fewer"});
    }
    state_->waiting.push_back(std::move(message));
    state_->changed.notify_all();
}

void Delivery::settle(std::chrono::milliseconds bound) {
    std::unique_lock lock(state_->mutex);
    const auto idle = [&] { return state_->waiting.empty() && !state_->telling; };
    if (state_->changed.wait_for(lock, bound, idle)) return;
    auto left = std::exchange(state_->waiting, {});
    state_->cancel.request();  // what is being told fails by itself
    state_->changed.notify_all();
    if (!state_->changed.wait_for(lock, kGrace, idle)) {
        state_->abandoned = true;
        left.push_front(*state_->telling);
    }
    lock.unlock();
    for (const auto& message : left) state_->options.failed(message, given_up());
}

}  // namespace bkt::report
