// stream/throttle.hpp: lets at most so many bytes a second pass; the producer waits.
#pragma once

#include <chrono>
#include <mutex>

#include "core/base/cancel.hpp"
#include "core/stream/stage.hpp"

namespace bkt::stream {

// What one limit lets pass, in all streams that share it. Any thread.
class Rate final {
public:
    explicit Rate(std::uint64_t bytes_per_s) : bytes_per_s_(bytes_per_s) {}  // > 0

    // Small slices keep the flow even: one chunk of 1 MiB at 100 kB/s would be a ten-second stall.
    std::size_t slice_bytes() const;
    // Notes that they passed; until when whoever let them pass has to wait.
    std::chrono::steady_clock::time_point pass(std::size_t bytes);

private:
    const std::uint64_t bytes_per_s_;
    std::mutex mutex_;
    std::chrono::steady_clock::time_point started_{};
    std::uint64_t passed_bytes_ = 0;
};

class Throttle final : public Stage {
public:
    // Waiting ends at once when `cancel` is requested. Borrows all three.
    Throttle(Stage& next, Rate& rate, const base::Cancel& cancel)
        : next_(next), rate_(rate), cancel_(cancel) {}
    Status write(Bytes bytes) override;
    Status finish() override { return next_.finish(); }

private:
    Stage& next_;
    Rate& rate_;
    const base::Cancel& cancel_;
};

}  // namespace bkt::stream
