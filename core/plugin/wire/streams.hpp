// wire/streams.hpp: a sink or source of one process, used by the other through a pipe.
//
// The pipe's end alone proves nothing: it looks the same when the writer is done, failed or died. So each
// end counts, and the side that ends a stream tells its count and its code over the channel.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "baktainer/abi/stream.h"
#include "core/plugin/wire/pipe.hpp"

namespace bkt::wire {

struct Carried {
    bkt_rc rc = BKT_OK;  // of the sink or source that was carried
    std::uint64_t bytes = 0;
};

// Reads a pipe into a sink that lives here, on a thread of its own.
class SinkPump final {
public:
    static Result<std::unique_ptr<SinkPump>> start(const bkt_sink* sink);
    ~SinkPump();  // finish()
    SinkPump(const SinkPump&) = delete;
    SinkPump& operator=(const SinkPump&) = delete;

    // The end to give away. Close it (or drop this object's by take) before finish(), else that waits.
    UniqueFd take_write_end() { return std::move(write_end_); }
    // Bytes delivered so far; for a writer that must know they have arrived. Any thread.
    std::uint64_t delivered() const { return delivered_; }
    // It waits for its sink, not for whoever holds the write end. Any thread.
    bool is_giving() const { return giving_; }
    // True once the pipe ended or the sink failed; waits at most `limit`.
    bool wait(std::chrono::milliseconds limit);
    // Nobody waits for the other end any more, which may never close. Any thread.
    void abandon() noexcept;
    // Waits until every copy of the write end is closed, the sink failed, or it is abandoned.
    Carried finish();

private:
    explicit SinkPump(const bkt_sink* sink) : sink_(sink) {}
    void run();
    bkt_rc pass_on(bool& ended);

    const bkt_sink* sink_;
    UniqueFd stop_;  // an eventfd
    UniqueFd read_end_, write_end_;
    std::vector<std::byte> buffer_;
    std::atomic<std::uint64_t> delivered_{0};
    std::atomic<bkt_rc> carried_rc_{BKT_OK};
    std::atomic<bool> giving_{false};
    std::mutex mutex_;
    std::condition_variable ended_;
    bool is_ended_ = false;
    std::thread thread_;
};

// Writes a source that lives here into a pipe, on a thread of its own.
class SourcePump final {
public:
    static Result<std::unique_ptr<SourcePump>> start(const bkt_source* source);
    ~SourcePump();  // finish()
    SourcePump(const SourcePump&) = delete;
    SourcePump& operator=(const SourcePump&) = delete;

    UniqueFd take_read_end() { return std::move(read_end_); }
    std::uint64_t delivered() const { return delivered_; }  // any thread
    // True once it ended; waits at most `limit`.
    bool wait(std::chrono::milliseconds limit);
    // It waits for its source. Any thread.
    bool is_reading() const { return reading_; }
    // It waits for whoever holds the read end, not for its source.
    bool is_writing() const { return writing_; }
    // Nobody waits for the other end any more, which may never close. Any thread.
    void abandon() noexcept;
    // Waits until the source ended or failed, every copy of the read end is closed, or it is abandoned.
    Carried finish();

private:
    explicit SourcePump(const bkt_source* source) : source_(source) {}
    void run();

    const bkt_source* source_;
    UniqueFd stop_;  // an eventfd
    UniqueFd read_end_, write_end_;
    std::atomic<std::uint64_t> delivered_{0};
    std::atomic<bool> writing_{false}, reading_{false};
    bkt_rc rc_ = BKT_OK;
    std::mutex mutex_;
    std::condition_variable ended_;
    bool is_ended_ = false;
    std::thread thread_;
};

// A sink whose bytes go into a pipe that is asked for at the first byte. One thread at a time.
class FdSink final {
public:
    using Open = std::function<Result<UniqueFd>()>;
    using Why = std::function<bkt_rc()>;
    // `why` tells what the reader failed with. `stop`: once readable, a write that waits fails (the pipe must
    // be non-blocking); -1 = none.
    FdSink(Open open, Why why, int stop = -1);
    FdSink(const FdSink&) = delete;
    FdSink& operator=(const FdSink&) = delete;

    const bkt_sink* raw() const { return &raw_; }
    bool is_opened() const { return opened_; }
    std::uint64_t bytes() const { return bytes_; }
    void close() { fd_.reset(); }

private:
    static bkt_rc write(const bkt_sink* sink, const void* bytes, std::uint64_t len) noexcept;

    bkt_sink raw_{};
    Open open_;
    Why why_;
    const int stop_;
    UniqueFd fd_;
    bool opened_ = false;
    std::uint64_t bytes_ = 0;
};

// A source whose bytes come out of a pipe that is asked for at the first read. One thread at a time.
class FdSource final {
public:
    using Open = std::function<Result<UniqueFd>()>;
    using End = std::function<Carried()>;
    // `end` tells, once the pipe ended, how and after how many bytes the source did. `stop`: as in FdSink.
    FdSource(Open open, End end, std::uint64_t size_bytes, int stop = -1);
    FdSource(const FdSource&) = delete;
    FdSource& operator=(const FdSource&) = delete;

    const bkt_source* raw() const { return &raw_; }
    bool is_opened() const { return opened_; }
    std::uint64_t bytes() const { return bytes_; }
    void close() { fd_.reset(); }

private:
    static bkt_rc read(const bkt_source* source, void* bytes, std::uint64_t cap,
                       std::uint64_t* len) noexcept;
    bkt_rc read_some(void* bytes, std::uint64_t cap, std::uint64_t* len);

    bkt_source raw_{};
    Open open_;
    End end_;
    const int stop_;
    UniqueFd fd_;
    bool opened_ = false;
    std::uint64_t bytes_ = 0;
    std::optional<bkt_rc> ended_;
};

}  // namespace bkt::wire
