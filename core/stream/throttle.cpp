#include "core/stream/throttle.hpp"

#include <poll.h>

#include <algorithm>

namespace bkt::stream {

using Clock = std::chrono::steady_clock;

std::size_t Rate::slice_bytes() const { return std::max<std::size_t>(bytes_per_s_ / 20, 4096); }

Clock::time_point Rate::pass(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    if (passed_bytes_ == 0) started_ = Clock::now();
    passed_bytes_ += bytes;
    return started_ + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(
                          static_cast<double>(passed_bytes_) / static_cast<double>(bytes_per_s_)));
}

Status Throttle::write(Bytes bytes) {
    while (!bytes.empty()) {
        const Bytes head = bytes.first(std::min(rate_.slice_bytes(), bytes.size()));
        BKT_TRY(next_.write(head));
        bytes = bytes.subspan(head.size());
        const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(
            rate_.pass(head.size()) - Clock::now());
        if (wait.count() > 0) {
            pollfd cancelled{cancel_.fd(), POLLIN, 0};
            ::poll(&cancelled, 1,
                   static_cast<int>(std::min<std::int64_t>(wait.count(), 3'600'000)));
        }
        if (cancel_.requested()) return Error{Code::cancelled, "cancelled"};
    }
    return {};
}

}  // namespace bkt::stream
