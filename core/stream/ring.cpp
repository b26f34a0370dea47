#include "core/stream/ring.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace bkt::stream {

Ring::Ring(std::size_t chunk_bytes, std::size_t chunks)
    : chunk_bytes_(chunk_bytes), chunks_(std::max<std::size_t>(chunks, 2)) {}

Result<std::span<std::byte>> Ring::reserve() {
    if (!filling_.bytes) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock,
                      [&] { return closed_ || failed_ || !free_.empty() || made_ < chunks_; });
        if (closed_) return *closed_;
        if (failed_) return *failed_;
        if (!free_.empty()) {
            filling_ = std::move(free_.back());
            free_.pop_back();
            filling_.len = 0;
        } else {
            ++made_;
            filling_.bytes = std::make_unique_for_overwrite<std::byte[]>(chunk_bytes_);
        }
    }
    return std::span(filling_.bytes.get() + filling_.len, chunk_bytes_ - filling_.len);
}

Status Ring::commit(std::size_t len) {
    filling_.len += len;
    return filling_.len == chunk_bytes_ ? publish() : Status{};
}

Status Ring::publish() {
    const std::lock_guard lock(mutex_);
    if (closed_) return *closed_;
    full_.push_back(std::move(filling_));
    filling_ = {};
    changed_.notify_all();
    return {};
}

Status Ring::write(Bytes bytes) {
    while (!bytes.empty()) {
        BKT_LET(const auto room, reserve());
        const std::size_t n = std::min(room.size(), bytes.size());
        std::memcpy(room.data(), bytes.data(), n);
        BKT_TRY(commit(n));
        bytes = bytes.subspan(n);
    }
    return {};
}

Status Ring::finish() {
    if (filling_.len > 0) BKT_TRY(publish());
    const std::lock_guard lock(mutex_);
    if (closed_) return *closed_;
    if (failed_) return *failed_;
    finished_ = true;
    changed_.notify_all();
    return {};
}

void Ring::fail(Error error) {
    const std::lock_guard lock(mutex_);
    if (finished_ || failed_) return;
    failed_ = std::move(error);
    changed_.notify_all();
}

Result<Bytes> Ring::read() {
    std::unique_lock lock(mutex_);
    if (reading_.bytes) {
        free_.push_back(std::move(reading_));
        reading_ = {};
        changed_.notify_all();
    }
    changed_.wait(lock, [&] { return failed_ || finished_ || !full_.empty(); });
    // A failed stream fails at once: what is still queued will never be part of anything.
    if (failed_) return *failed_;
    if (full_.empty()) return Bytes{};
    reading_ = std::move(full_.front());
    full_.pop_front();
    return Bytes(reading_.bytes.get(), reading_.len);
}

void Ring::close(Error error) {
    const std::lock_guard lock(mutex_);
    if (!closed_) closed_ = std::move(error);
    changed_.notify_all();
}

}  // namespace bkt::stream
