#include "plugins/discovery/docker/tail_keeper.hpp"

#include <algorithm>
#include <cstring>

namespace bkt::docker {
namespace {

constexpr auto kLook = std::chrono::milliseconds(100);
constexpr auto kMoreMayCome = std::chrono::milliseconds(20);
// What pipes, the engine and sockets hold of a tool that ended is far less.
constexpr std::size_t kMaxKeptBytes = 16u << 20;
constexpr std::size_t kPieceBytes = 64u << 10;

}  // namespace

TailKeeper::TailKeeper(Connection& connection, std::function<bool()> has_ended)
    : connection_(connection), has_ended_(std::move(has_ended)) {
    thread_ = std::thread([this] { watch(); });
    reading_.lock();
}

TailKeeper::~TailKeeper() {
    {
        const std::lock_guard lock(mutex_);
        is_over_ = true;
    }
    changed_.notify_all();
    reading_.unlock();
    thread_.join();
}

void TailKeeper::set_blocked(bool blocked) {
    {
        const std::lock_guard lock(mutex_);
        is_blocked_ = blocked;
    }
    if (blocked) reading_.unlock();
    else reading_.lock();
}

// A write that does not block is over long before the next look, and costs no more than two locks.
void TailKeeper::watch() {
    std::unique_lock lock(mutex_);
    for (;;) {
        const bool was_blocked = is_blocked_;
        if (changed_.wait_for(lock, kLook, [&] { return is_over_; })) return;
        if (!was_blocked || !is_blocked_) continue;
        lock.unlock();
        const bool ended = asked_has_ended();
        lock.lock();
        while (ended && is_blocked_ && !is_over_) {
            lock.unlock();
            const bool more = keep_some();
            lock.lock();
            if (!more) break;
            changed_.wait_for(lock, kMoreMayCome, [&] { return is_over_; });
        }
    }
}

// Without memory to ask with, the reader goes on as if there were no keeper.
bool TailKeeper::asked_has_ended() {
    try {
        return has_ended_();
    } catch (const std::exception&) {
        return false;
    }
}

// False = there is nothing left to keep, or no room for it.
bool TailKeeper::keep_some() try {
    const std::unique_lock reading(reading_, std::try_to_lock);
    if (!reading) return true;  // the reader is not blocked just now
    if (is_at_end_ || failure_) return false;
    if (taken_ == kept_.size()) kept_.clear(), taken_ = 0;
    while (kept_.size() < kMaxKeptBytes) {
        const std::size_t before = kept_.size();
        kept_.resize(before + kPieceBytes);  // before the bytes are taken from the connection
        auto n = connection_.try_read(std::span(kept_).subspan(before));
        kept_.resize(before + (n && *n ? **n : 0));
        if (!n) failure_ = std::move(n).error();
        else if (!*n) return true;
        else if (**n == 0) is_at_end_ = true;
        if (failure_ || is_at_end_) return false;
    }
    return false;
} catch (const std::bad_alloc&) {
    return false;  // nothing was taken from the connection
}

Result<std::optional<std::size_t>> TailKeeper::try_read(std::span<std::byte> into) {
    if (taken_ < kept_.size()) {
        const std::size_t n = std::min(into.size(), kept_.size() - taken_);
        std::memcpy(into.data(), kept_.data() + taken_, n);
        taken_ += n;
        if (taken_ == kept_.size()) kept_.clear(), taken_ = 0;
        return std::optional<std::size_t>(n);
    }
    if (failure_) return *failure_;
    if (is_at_end_) return std::optional<std::size_t>(0);
    return connection_.try_read(into);
}

bool TailKeeper::has_pending() const {
    return taken_ < kept_.size() || failure_ || is_at_end_ || connection_.has_pending();
}

}  // namespace bkt::docker
