// read_lock.hpp: the moment at which several dump tools begin.
//
// A client holds FLUSH TABLES WITH READ LOCK, under which nobody commits, from before the first tool begins
// its transaction until the last one has: so all of them see the same state. It is held as short as that:
// every writer waits for it. However the holder ends, the server gives the lock up with its connection,
// and after a while of silence by itself.
#pragma once

#include <chrono>
#include <condition_variable>

#include "baktainer/together.hpp"
#include "plugins/engines/mysql/tools.hpp"

namespace bkt::mysql {

class ReadLock final {
public:
    // How long to wait for statements that run already: meanwhile new ones wait too.
    static constexpr std::chrono::seconds kPatience{5};

    // `users`: how many will call let_go().
    ReadLock(const Tools& tools, std::size_t users,
             std::chrono::milliseconds held_at_most = std::chrono::seconds(30));
    ReadLock(const ReadLock&) = delete;
    ReadLock& operator=(const ReadLock&) = delete;

    // Holds it until everyone let go. OK too when the server refused it (refusal()); fails when it was lost
    // or held for too long. For a thread of its own.
    Status hold(const Stop& stop);
    // Whether it is held. Waits for the answer to that.
    bool wait(const Stop& stop);
    // Once by each user, however it ended.
    void let_go();
    // Waits until all have let go: who is done early leaves the processor to those that are not.
    void wait_for_others(const Stop& stop);

    // After hold(): in the server's words why there was no lock, and for how long there was one.
    const std::string& refusal() const { return refusal_; }
    std::chrono::milliseconds held_for() const;

private:
    using Clock = std::chrono::steady_clock;

    static bkt_rc read(const bkt_source* source, void* into, std::uint64_t cap,
                       std::uint64_t* len) noexcept;
    static bkt_rc write(const bkt_sink* sink, const void* bytes, std::uint64_t len) noexcept;
    std::string next_words(std::unique_lock<std::mutex>& lock);
    bool is_given_up() const;
    Status judge(const Stop& stop, const Result<ExecResult>& result);

    const Tools& tools_;
    const std::chrono::milliseconds held_at_most_;
    const Stop* stop_ = nullptr;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t users_;
    bool is_over_ = false;  // the client was told to end
    bool ended_ = false;
    std::string script_;  // what the client has yet to read
    std::string answer_;  // what it said so far
    Clock::time_point held_since_{}, held_until_{};
    std::string refusal_;
};

}  // namespace bkt::mysql
