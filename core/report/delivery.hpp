// report/delivery.hpp: a notifier's own thread and queue: events are told in order, each tried for a bounded
// time, and nobody who reports one waits for it.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "core/report/message.hpp"
#include "core/report/notifier.hpp"

namespace bkt::report {

inline constexpr std::size_t kMaxWaitingMessages = 1000;

struct DeliveryOptions {
    std::string name;
    std::chrono::milliseconds timeout{30'000};    // of each message, retries included
    std::chrono::milliseconds first_pause{1000};  // before the first retry; doubles
    // Opens the notifier, on the delivery's thread, when there is something to tell.
    std::function<Result<Notifier>(const plugin::CallScope&)> open;
    std::shared_ptr<plugin::Facilities> facilities;
    // A message that was given up. Any thread.
    std::function<void(const Message&, const Error&)> failed;
};

// Only Code::unavailable is tried again. Thread-safe.
class Delivery final {
public:
    explicit Delivery(DeliveryOptions options);
    Delivery(const Delivery&) = delete;
    Delivery& operator=(const Delivery&) = delete;
    // Gives up what is still waiting. A plugin that does not return is left behind.
    ~Delivery();

    void add(Message message);
    // Waits until all is told or given up, at most `bound`; then gives up the rest.
    void settle(std::chrono::milliseconds bound);

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace bkt::report
