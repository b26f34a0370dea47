#include "core/stream/throttle.hpp"

#include <poll.h>

#include <algorithm>

namespace bkt::stream {

Status Throttle::write(Bytes bytes) {
    using Clock = std::chrono::steady_clock;
    // Small slices keep the flow even: one chunk of 1 MiB at 100 kB/s would be a ten-second stall.
    const std::size_t slice = std::max<std::size_t>(rate_ / 20, 4096);
    if (passed_bytes_ == 0) started_ = Clock::now();
    while (!bytes.empty()) {
        const Bytes head = bytes.first(std::min(slice, bytes.size()));
        BKT_TRY(next_.write(head));
        bytes = bytes.subspan(head.size());
        passed_bytes_ += head.size();
        const auto due =
            started_ + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(
                           static_cast<double>(passed_bytes_) / static_cast<double>(rate_)));
        const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(due - Clock::now());
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
