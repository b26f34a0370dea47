#include "core/plugin/wire/streams.hpp"

#include <sys/eventfd.h>

#include "baktainer/abi/abi.h"

namespace bkt::wire {

namespace {
constexpr std::size_t kChunkBytes = 1 << 20;

Result<UniqueFd> make_stop() {
    UniqueFd stop(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!stop) return Error{Code::unavailable, "no descriptors left"};
    return stop;
}

void stop_by(const UniqueFd& stop) noexcept {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto n = ::write(stop.get(), &one, sizeof one);
}
}  // namespace

// ---- SinkPump ----

Result<std::unique_ptr<SinkPump>> SinkPump::start(const bkt_sink* sink) {
    std::unique_ptr<SinkPump> pump(new SinkPump(sink));
    BKT_LET(Pipe pipe, make_pipe());
    BKT_LET(pump->stop_, make_stop());
    set_nonblocking(pipe.read.get());
    pump->read_end_ = std::move(pipe.read);
    pump->write_end_ = std::move(pipe.write);
    pump->thread_ = std::thread([p = pump.get()] { p->run(); });
    return pump;
}

SinkPump::~SinkPump() { finish(); }

// Straight into the sink's own buffer where it lends one: that saves a copy.
bkt_rc SinkPump::pass_on(bool& ended) {
    void* into = nullptr;
    std::uint64_t cap = 0;
    const bool lends = BKT_HAS(sink_, bkt_sink, commit) && sink_->reserve && sink_->commit;
    if (lends) {
        giving_ = true;
        const bkt_rc rc = sink_->reserve(sink_, &into, &cap);
        giving_ = false;
        if (rc != BKT_OK) return rc;
    } else {
        buffer_.resize(kChunkBytes);
        into = buffer_.data(), cap = buffer_.size();
    }
    const ssize_t n = read_some(read_end_.get(), into, cap, stop_.get());
    ended = n <= 0;
    if (ended) return n == 0 ? BKT_OK : BKT_FAULT;
    const auto len = static_cast<std::uint64_t>(n);
    giving_ = true;
    const bkt_rc rc = lends ? sink_->commit(sink_, len) : sink_->write(sink_, into, len);
    giving_ = false;
    if (rc == BKT_OK) delivered_ += len;
    return rc;
}

void SinkPump::run() {
    bool ended = false;
    bkt_rc rc = BKT_OK;
    while (rc == BKT_OK && !ended) rc = pass_on(ended);
    carried_rc_ = rc;
    read_end_.reset();  // a writer hears it
    const std::lock_guard lock(mutex_);
    is_ended_ = true;
    ended_.notify_all();
}

bool SinkPump::wait(std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    return ended_.wait_for(lock, limit, [&] { return is_ended_; });
}

void SinkPump::abandon() noexcept { stop_by(stop_); }

Carried SinkPump::finish() {
    write_end_.reset();
    if (thread_.joinable()) thread_.join();
    return {carried_rc_, delivered_};
}

// ---- SourcePump ----

Result<std::unique_ptr<SourcePump>> SourcePump::start(const bkt_source* source) {
    std::unique_ptr<SourcePump> pump(new SourcePump(source));
    BKT_LET(Pipe pipe, make_pipe());
    BKT_LET(pump->stop_, make_stop());
    set_nonblocking(pipe.write.get());
    pump->read_end_ = std::move(pipe.read);
    pump->write_end_ = std::move(pipe.write);
    pump->thread_ = std::thread([p = pump.get()] { p->run(); });
    return pump;
}

SourcePump::~SourcePump() { finish(); }

void SourcePump::run() {
    std::vector<std::byte> buffer(kChunkBytes);
    for (;;) {
        std::uint64_t n = 0;
        reading_ = true;
        rc_ = source_->read(source_, buffer.data(), buffer.size(), &n);
        reading_ = false;
        if (rc_ != BKT_OK || n == 0) break;
        writing_ = true;
        const bool written = write_all(write_end_.get(), buffer.data(), n, stop_.get());
        writing_ = false;
        if (!written) break;  // nobody wants the rest
        delivered_ += n;
    }
    write_end_.reset();
    const std::lock_guard lock(mutex_);
    is_ended_ = true;
    ended_.notify_all();
}

bool SourcePump::wait(std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    return ended_.wait_for(lock, limit, [&] { return is_ended_; });
}

void SourcePump::abandon() noexcept { stop_by(stop_); }

Carried SourcePump::finish() {
    read_end_.reset();
    if (thread_.joinable()) thread_.join();
    return {rc_, delivered_};
}

// ---- FdSink ----

FdSink::FdSink(Open open, Why why, int stop)
    : open_(std::move(open)), why_(std::move(why)), stop_(stop) {
    raw_.size = sizeof raw_;
    raw_.ctx = this;
    raw_.write = &write;
}

bkt_rc FdSink::write(const bkt_sink* sink, const void* bytes, std::uint64_t len) noexcept {
    auto& self = *static_cast<FdSink*>(sink->ctx);
    try {
        if (!self.opened_) {
            auto fd = self.open_();
            if (!fd) return static_cast<bkt_rc>(fd.error().code);
            self.fd_ = *std::move(fd);
            self.opened_ = true;
        }
        if (!write_all(self.fd_.get(), bytes, len, self.stop_)) {
            const bkt_rc rc = self.why_();
            return rc == BKT_OK ? BKT_FAILED : rc;
        }
        self.bytes_ += len;
        return BKT_OK;
    } catch (...) {
        return BKT_BUG;
    }
}

// ---- FdSource ----

FdSource::FdSource(Open open, End end, std::uint64_t size_bytes, int stop)
    : open_(std::move(open)), end_(std::move(end)), stop_(stop) {
    raw_.size = sizeof raw_;
    raw_.ctx = this;
    raw_.read = &read;
    raw_.size_bytes = size_bytes;
}

bkt_rc FdSource::read(const bkt_source* source, void* bytes, std::uint64_t cap,
                      std::uint64_t* len) noexcept {
    try {
        return static_cast<FdSource*>(source->ctx)->read_some(bytes, cap, len);
    } catch (...) {
        return BKT_BUG;
    }
}

bkt_rc FdSource::read_some(void* bytes, std::uint64_t cap, std::uint64_t* len) {
    *len = 0;
    if (ended_) return *ended_;
    if (!opened_) {
        auto fd = open_();
        if (!fd) return static_cast<bkt_rc>(fd.error().code);
        fd_ = *std::move(fd);
        opened_ = true;
    }
    const ssize_t n = wire::read_some(fd_.get(), bytes, cap, stop_);
    if (n > 0) {
        bytes_ += static_cast<std::uint64_t>(n);
        *len = static_cast<std::uint64_t>(n);
        return BKT_OK;
    }
    if (n < 0 && stop_ >= 0) return *(ended_ = BKT_CANCELLED);
    const Carried end = end_();
    ended_ = end.rc != BKT_OK ? end.rc : end.bytes == bytes_ ? BKT_OK : BKT_TRUNCATED;
    return *ended_;
}

}  // namespace bkt::wire
