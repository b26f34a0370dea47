// together.hpp: several tools of one dump at once, each filling a part of its own from a thread of its own.
//
//   run_together({[&](const Stop& stop) { return dump_half(part_a, stop); },
//                 [&](const Stop& stop) { return dump_half(part_b, stop); }});
//
// A thread of the plugin's may call services, sinks and parts like the thread the host called it on, but not
// Call::fail(): it returns its error, and the first one is told.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

#include "baktainer/detail/wall.hpp"
#include "baktainer/stream.hpp"

namespace bkt {

// Whether the others may as well give up. Any thread.
class Stop final {
public:
    bool requested() const { return requested_.load(std::memory_order_relaxed); }
    void request() { requested_.store(true, std::memory_order_relaxed); }

private:
    std::atomic<bool> requested_{false};
};

// Passes on what is written to it until a stop is requested, then refuses: so a tool that writes into it is
// ended at its next byte. Borrows both; stays where it is made.
class StoppableSink final {
public:
    StoppableSink(const Sink& to, const Stop& stop) : to_(to.raw()), stop_(stop) {
        raw_ = {sizeof raw_, 0, this, &write, nullptr, nullptr};
        if (BKT_HAS(to_, bkt_sink, commit) && to_->reserve && to_->commit)
            raw_.reserve = &reserve, raw_.commit = &commit;
    }
    StoppableSink(const StoppableSink&) = delete;
    StoppableSink& operator=(const StoppableSink&) = delete;

    Sink sink() const { return Sink(&raw_); }

private:
    static const StoppableSink& of(const bkt_sink* sink) {
        return *static_cast<const StoppableSink*>(sink->ctx);
    }
    static bkt_rc write(const bkt_sink* sink, const void* bytes, std::uint64_t len) noexcept {
        const auto& self = of(sink);
        return self.stop_.requested() ? bkt_rc{BKT_CANCELLED}
                                      : self.to_->write(self.to_, bytes, len);
    }
    static bkt_rc reserve(const bkt_sink* sink, void** bytes, std::uint64_t* cap) noexcept {
        const auto& self = of(sink);
        return self.stop_.requested() ? bkt_rc{BKT_CANCELLED}
                                      : self.to_->reserve(self.to_, bytes, cap);
    }
    static bkt_rc commit(const bkt_sink* sink, std::uint64_t len) noexcept {
        const auto& self = of(sink);
        return self.stop_.requested() ? bkt_rc{BKT_CANCELLED} : self.to_->commit(self.to_, len);
    }

    const bkt_sink* to_;
    const Stop& stop_;
    bkt_sink raw_{};
};

using Task = std::function<Status(const Stop& stop)>;

// Runs every task on a thread of its own and returns when all have ended: with OK when all went well, else
// with the first failure, which has asked the others to stop. What a task throws is its failure.
inline Status run_together(const std::vector<Task>& tasks) {
    Stop stop;
    std::mutex mutex;
    std::optional<Error> first;
    const auto failed = [&](Error error) {
        const std::lock_guard lock(mutex);
        if (!first) first = std::move(error);
        stop.request();
    };
    const auto run = [&](const Task& task) {
        const bkt_rc rc = detail::walled(
            [&] {
                if (Status done = task(stop); !done) failed(std::move(done).error());
                return bkt_rc{BKT_OK};
            },
            [&](const Error& error) {
                failed(error);
                return bkt_rc{BKT_OK};
            });
        if (rc != BKT_OK) stop.request();
        return rc;
    };
    std::vector<std::thread> threads;
    threads.reserve(tasks.size());
    const bkt_rc started = detail::walled(
        [&] {
            for (const auto& task : tasks) threads.emplace_back([&] { run(task); });
            return bkt_rc{BKT_OK};
        },
        [&](const Error& error) {
            failed(error);
            return bkt_rc{BKT_OK};
        });
    for (auto& thread : threads) thread.join();
    if (first) return *std::move(first);
    // Not even the failure could be noted.
    if (started != BKT_OK || stop.requested()) return detail::out_of_memory();
    return {};
}

}  // namespace bkt
