// testing/fake_call.hpp: one bkt_call as a host makes it, with everything it was told kept for a test.
#pragma once

#include <fcntl.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "baktainer/call.hpp"
#include "baktainer/unique_fd.hpp"

namespace bkt::testing {

// Cancelled from any thread; everything else belongs to the test's thread.
class FakeCall final {
public:
    explicit FakeCall(const bkt_host* host) : host_(host) {
        int fds[2];
        if (::pipe2(fds, O_CLOEXEC) == 0) read_ = UniqueFd(fds[0]), write_ = UniqueFd(fds[1]);
        raw_ = {sizeof raw_,   0,       this,        0,     read_.get(), 0,
                &is_cancelled, &failed, &progressed, &alloc};
    }
    FakeCall(const FakeCall&) = delete;
    FakeCall& operator=(const FakeCall&) = delete;

    const bkt_call* raw() const { return &raw_; }
    Call call() const { return {host_, &raw_}; }

    void cancel() {
        cancelled_ = true;
        if (::write(write_.get(), "x", 1) != 1) return;
    }
    // CLOCK_MONOTONIC nanoseconds.
    void set_deadline(std::uint64_t ns) { raw_.deadline_ns = ns; }
    // Called on every progress report; may cancel().
    std::function<void(std::uint64_t done, std::uint64_t total)> on_progress;
    // The last thing fail() said, an empty message passing on the one before it.
    const std::optional<Error>& failure() const { return failure_; }

private:
    static FakeCall& of(const bkt_call* c) { return *static_cast<FakeCall*>(c->ctx); }
    static std::int32_t is_cancelled(const bkt_call* c) noexcept { return of(c).cancelled_; }
    static void failed(const bkt_call* c, bkt_rc rc, bkt_str message, bkt_str hint,
                       std::uint64_t retry_after_ms) noexcept {
        FakeCall& self = of(c);
        const std::lock_guard lock(self.mutex_);
        if (message.len == 0 && self.failure_) return;
        self.failure_ =
            Error{static_cast<Code>(rc), std::string(view(message)), std::string(view(hint))};
        self.failure_->retry_after_ms = retry_after_ms;
    }
    static void progressed(const bkt_call* c, std::uint64_t done, std::uint64_t total,
                           bkt_str) noexcept {
        if (of(c).on_progress) of(c).on_progress(done, total);
    }
    static void* alloc(const bkt_call* c, std::uint64_t n) noexcept {
        FakeCall& self = of(c);
        const std::lock_guard lock(self.mutex_);
        self.arena_.push_back(std::make_unique<char[]>(n));
        return self.arena_.back().get();
    }

    const bkt_host* host_;
    bkt_call raw_{};
    UniqueFd read_, write_;
    std::atomic<bool> cancelled_ = false;
    std::mutex mutex_;
    std::optional<Error> failure_;
    std::vector<std::unique_ptr<char[]>> arena_;
};

}  // namespace bkt::testing
