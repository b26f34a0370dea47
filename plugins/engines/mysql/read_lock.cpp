#include "plugins/engines/mysql/read_lock.hpp"

#include <algorithm>

#include "plugins/engines/mysql/failure.hpp"

namespace bkt::mysql {
namespace {

constexpr std::size_t kMaxAnswerBytes = 4096;
constexpr auto kLook = std::chrono::milliseconds(100);  // for a stop or a cancelled call
// Nobody reads the client's answer while its input is being asked for, so until there is one each wait
// is short.
constexpr auto kPause = std::chrono::milliseconds(20);
constexpr std::string_view kHeld = "held\n", kFree = "free\n";
// No time left to wait; not allowed to.
constexpr int kRefusals[] = {1205, 1227};

std::string locking(std::chrono::milliseconds held_at_most) {
    // Should this process vanish, the server ends a silent session.
    const auto silence = std::chrono::ceil<std::chrono::seconds>(held_at_most).count() + 15;
    return "SET SESSION lock_wait_timeout=" + std::to_string(ReadLock::kPatience.count()) +
           ", SESSION wait_timeout=" + std::to_string(silence) +
           ";\nFLUSH TABLES WITH READ LOCK;\nSELECT 'held';\n";
}

}  // namespace

ReadLock::ReadLock(const Tools& tools, std::size_t users, std::chrono::milliseconds held_at_most)
    : tools_(tools), held_at_most_(held_at_most), users_(users) {}

Status ReadLock::hold(const Stop& stop) {
    {
        const std::lock_guard lock(mutex_);
        stop_ = &stop;
        script_ = locking(held_at_most_);
    }
    const bkt_source in{sizeof in, 0, this, &read, 0};
    const bkt_sink out{sizeof out, 0, this, &write, nullptr, nullptr};
    // A client that connects again has another session, without the lock.
    const auto result = tools_.client({"--unbuffered", "--skip-reconnect"})
                            .in(Source(&in))
                            .out(Sink(&out))
                            .result();
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
    return judge(stop, result);
}

Status ReadLock::judge(const Stop& stop, const Result<ExecResult>& result) {
    if (!result) return result.error();
    if (tools_.call().cancelled()) return Error{Code::cancelled, "cancelled"};
    const bool was_held = answer_.starts_with(kHeld);
    if (!was_held)
        for (const auto& line : error_lines(result->stderr_tail)) {
            const int number = error_number(line);
            if (std::find(std::begin(kRefusals), std::end(kRefusals), number) ==
                std::end(kRefusals))
                continue;
            refusal_ = line;
            return {};
        }
    if (Status done = succeeded(tools_.client_name(), *result); !done)
        return std::move(done).error().within("holding the read lock");
    // Who stopped it has the reason.
    if (stop.requested() || answer_.ends_with(kFree)) return {};
    if (was_held && is_over_)
        return Error{Code::timeout,
                     "the dump tools had not all begun when the read lock had been held for " +
                         std::to_string(held_at_most_.count() / 1000) + " s",
                     "the machine is too busy for so many processes: lower 'parallel'"};
    return Error{Code::unavailable, "the session that held the read lock ended too early",
                 "look into the server's own log"};
}

bool ReadLock::wait(const Stop& stop) {
    std::unique_lock lock(mutex_);
    const auto is_answered = [&] { return ended_ || answer_.starts_with(kHeld); };
    while (!changed_.wait_for(lock, kLook, is_answered))
        if (stop.requested() || tools_.call().cancelled()) return false;
    return !ended_;
}

void ReadLock::let_go() {
    const std::lock_guard lock(mutex_);
    if (users_ > 0) --users_;
    changed_.notify_all();
}

void ReadLock::wait_for_others(const Stop& stop) {
    std::unique_lock lock(mutex_);
    const auto is_free = [&] { return is_over_ || ended_ || users_ == 0; };
    while (!changed_.wait_for(lock, kLook, is_free))
        if (stop.requested() || tools_.call().cancelled()) return;
}

std::chrono::milliseconds ReadLock::held_for() const {
    return std::chrono::ceil<std::chrono::milliseconds>(held_until_ - held_since_);
}

bool ReadLock::is_given_up() const { return stop_->requested() || tools_.call().cancelled(); }

// What the client is to read next, after the right time; empty = nothing more.
std::string ReadLock::next_words(std::unique_lock<std::mutex>& lock) {
    if (is_over_) return {};
    if (!answer_.starts_with(kHeld)) {
        changed_.wait_for(lock, kPause);
        is_over_ = is_given_up();
        return is_over_ ? "" : "\n";  // which the client skips
    }
    const auto until = held_since_ + held_at_most_;
    while (users_ > 0 && !is_given_up() && Clock::now() < until)
        changed_.wait_until(lock, std::min<Clock::time_point>(until, Clock::now() + kLook));
    is_over_ = true;
    return users_ == 0 ? "UNLOCK TABLES;\nSELECT 'free';\n" : "";
}

bkt_rc ReadLock::read(const bkt_source* source, void* into, std::uint64_t cap,
                      std::uint64_t* len) noexcept {
    auto& self = *static_cast<ReadLock*>(source->ctx);
    return detail::walled([&] {
        std::unique_lock lock(self.mutex_);
        if (self.script_.empty()) self.script_ = self.next_words(lock);
        *len = std::min<std::uint64_t>(cap, self.script_.size());
        self.script_.copy(static_cast<char*>(into), *len);
        self.script_.erase(0, *len);
        return bkt_rc{BKT_OK};
    });
}

bkt_rc ReadLock::write(const bkt_sink* sink, const void* bytes, std::uint64_t len) noexcept {
    auto& self = *static_cast<ReadLock*>(sink->ctx);
    return detail::walled([&] {
        const std::lock_guard lock(self.mutex_);
        if (self.answer_.size() + len > kMaxAnswerBytes) return bkt_rc{BKT_NO_SPACE};
        if (self.answer_.empty()) self.held_since_ = Clock::now();
        self.answer_.append(static_cast<const char*>(bytes), len);
        self.held_until_ = Clock::now();
        self.changed_.notify_all();
        return bkt_rc{BKT_OK};
    });
}

}  // namespace bkt::mysql
