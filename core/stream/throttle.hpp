// stream/throttle.hpp: lets at most so many bytes a second pass; the producer waits.
#pragma once

#include <chrono>

#include "core/base/cancel.hpp"
#include "core/stream/stage.hpp"

namespace bkt::stream {

class Throttle final : public Stage {
public:
    // `bytes_per_s` > 0. Waiting ends at once when `cancel` is requested.
    Throttle(Stage& next, std::uint64_t bytes_per_s, const base::Cancel& cancel)
        : next_(next), rate_(bytes_per_s), cancel_(cancel) {}
    Status write(Bytes bytes) override;
    Status finish() override { return next_.finish(); }

private:
    Stage& next_;
    const std::uint64_t rate_;
    const base::Cancel& cancel_;
    std::chrono::steady_clock::time_point started_{};
    std::uint64_t passed_bytes_ = 0;
};

}  // namespace bkt::stream
