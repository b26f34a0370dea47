#include "core/plugin/worker/remote_tap.hpp"

#include <poll.h>

#include "core/plugin/call_context.hpp"

namespace bkt::plugin::worker {

const bkt_tap* RemoteTap::make(Instance& instance, std::uint64_t id, std::uint64_t tail_bytes) {
    return &(new RemoteTap(instance, id, tail_bytes))->raw_;
}

RemoteTap::RemoteTap(Instance& instance, std::uint64_t id, std::uint64_t tail_bytes)
    : instance_(instance), id_(id) {
    raw_.size = sizeof raw_;
    raw_.ctx = this;
    raw_.tail_bytes = tail_bytes;
    raw_.feed = [](const bkt_tap* tap, const bkt_call* call, const void* bytes,
                   std::uint64_t len) noexcept -> bkt_rc {
        try {
            return of(tap).feed(call, bytes, len);
        } catch (...) {
            return BKT_BUG;
        }
    };
    raw_.finish = [](const bkt_tap* tap, const bkt_call* call) noexcept -> bkt_rc {
        try {
            return of(tap).finish(call);
        } catch (...) {
            return BKT_BUG;
        }
    };
    raw_.release = [](const bkt_tap* tap) noexcept { delete &of(tap); };
}

RemoteTap::~RemoteTap() {
    pipe_.reset();
    instance_.worker->peer().notify("tap.release", {{"tap", id_}});
}

Op& RemoteTap::op(const bkt_call* call) {
    if (!op_) op_.emplace(*instance_.worker, instance_.host, call);
    return *op_;
}

bkt_rc RemoteTap::feed(const bkt_call* call, const void* bytes, std::uint64_t len) {
    if (!pipe_) {
        auto pipe = wire::make_pipe();
        if (!pipe) return fail_call(call, pipe.error());
        ::fcntl(pipe->write.get(), F_SETFL, O_NONBLOCK);
        const int fd = pipe->read.get();
        if (const bkt_rc rc = op(call).run("tap.open", {{"tap", id_}}, nullptr, {&fd, 1});
            rc != BKT_OK)
            return rc;
        pipe_ = std::move(pipe->write);
    }
    return push(static_cast<const char*>(bytes), len);
}

// Never just blocks: a validator that hangs must not take the run with it.
bkt_rc RemoteTap::push(const char* bytes, std::size_t len) {
    while (len > 0) {
        const ssize_t n = ::write(pipe_.get(), bytes, len);
        if (n > 0) {
            bytes += n, len -= static_cast<std::size_t>(n), fed_ += static_cast<std::uint64_t>(n);
            op_->touch();
            continue;
        }
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno != EAGAIN) {  // it read no further: its verdict says why
            const bkt_rc rc = finish(nullptr);
            return rc == BKT_OK ? BKT_BUG : rc;
        }
        pollfd room{pipe_.get(), POLLOUT, 0};
        if (::poll(&room, 1, 50) == 0 && !op_->watch()) return op_->broken_off();
    }
    return BKT_OK;
}

bkt_rc RemoteTap::finish(const bkt_call* call) {
    pipe_.reset();
    return op(call).run("tap.finish", {{"tap", id_}, {"bytes", fed_}});
}

}  // namespace bkt::plugin::worker
