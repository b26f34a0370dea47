#include "plugins/discovery/local/run_tool.hpp"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>

#include <algorithm>
#include <memory>
#include <system_error>

#include "plugins/discovery/local/child.hpp"
#include "plugins/discovery/local/keepalive.hpp"

namespace bkt::local_host {
namespace {

constexpr std::size_t kBufferBytes = 256 * 1024;
constexpr std::uint64_t kTermGraceNs = 2'000'000'000;
constexpr std::uint64_t kLeftoverGraceNs = 2'000'000'000;
constexpr std::uint64_t kQuietNs = 30'000'000'000;  // as long as nobody wonders
constexpr int kTickMs = 200;  // how soon a flag without a descriptor is noticed
constexpr int kTickNoPidfdMs = 20;

std::uint64_t now_ns() {
    timespec t{};
    ::clock_gettime(CLOCK_MONOTONIC, &t);
    return std::uint64_t(t.tv_sec) * 1'000'000'000 + std::uint64_t(t.tv_nsec);
}

// A tool that closes its stdin early must not end the host: SIGPIPE is held back on this thread and,
// if one came, taken away again.
class NoSigpipe final {
public:
    NoSigpipe() {
        ::sigemptyset(&set_);
        ::sigaddset(&set_, SIGPIPE);
        sigset_t pending;
        ::sigpending(&pending);
        was_pending_ = ::sigismember(&pending, SIGPIPE) == 1;
        ::pthread_sigmask(SIG_BLOCK, &set_, &before_);
    }
    NoSigpipe(const NoSigpipe&) = delete;
    NoSigpipe& operator=(const NoSigpipe&) = delete;
    ~NoSigpipe() {
        const timespec at_once{};
        if (!was_pending_)
            while (::sigtimedwait(&set_, nullptr, &at_once) == SIGPIPE) {
            }
        ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }

private:
    sigset_t set_, before_;
    bool was_pending_ = false;
};

class Pump final {
public:
    Pump(Call& call, const ExecRequest& request, Child& child)
        : call_(call),
          request_(request),
          child_(child),
          buffer_(std::make_unique<std::byte[]>(kBufferBytes)) {}

    // Moves bytes until the tool has ended and its pipes are dry. An error = the tool must be ended.
    Status run(ExecOutcome& outcome) {
        for (;;) {
            BKT_TRY(stop_reason());
            if (!ended_ && child_.ended()) ended_ns_ = now_ns(), ended_ = true, child_.in.reset();
            if (ended_ && dry()) return {};
            // What the tool wrote is delivered; only a process it left behind holds the pipe still.
            if (ended_ && now_ns() - std::max(ended_ns_, moved_ns_) > kLeftoverGraceNs) return {};
            wait();
            look_after_connections();
            BKT_TRY(read_stdout(outcome));
            read_stderr(outcome);
            BKT_TRY(feed_stdin(outcome));
        }
    }

private:
    bool dry() const { return !child_.out && !child_.err; }

    Status stop_reason() const {
        // The deadline first: a host may count a call past it as cancelled.
        if (call_.deadline_ns() != 0 && now_ns() >= call_.deadline_ns())
            return Error{Code::timeout, "'" + request_.argv.front() + "' did not end in time",
                         "raise the job's timeout or find out what it waits for"};
        if (call_.cancelled()) return Error{Code::cancelled, "cancelled"};
        return {};
    }

    void wait() {
        const bool feeding = child_.in && pending_.empty() == false;
        pollfd fds[] = {{child_.out.get(), POLLIN, 0},
                        {child_.err.get(), POLLIN, 0},
                        {feeding ? child_.in.get() : -1, POLLOUT, 0},
                        {call_.cancel_fd(), POLLIN, 0},
                        {ended_ ? -1 : child_.pid_fd(), POLLIN, 0}};
        int timeout_ms = child_.pid_fd() < 0 ? kTickNoPidfdMs : kTickMs;
        // A source still to be asked blocks in read(), not here.
        if (child_.in && !feeding) timeout_ms = 0;
        if (call_.deadline_ns() != 0) {
            const std::uint64_t now = now_ns();
            const std::uint64_t left_ms =
                call_.deadline_ns() > now ? (call_.deadline_ns() - now) / 1'000'000 + 1 : 0;
            timeout_ms =
                static_cast<int>(std::min<std::uint64_t>(left_ms, std::uint64_t(timeout_ms)));
        }
        ::poll(fds, std::size(fds), timeout_ms);
    }

    // Each time it has been quiet for a while: it may have made new ones.
    void look_after_connections() {
        const std::uint64_t now = now_ns();
        if (ended_ || now - std::max(moved_ns_, looked_ns_) < kQuietNs) return;
        keep_connections_alive(child_.pid());
        looked_ns_ = now;
    }

    Status read_stdout(ExecOutcome& outcome) {
        while (child_.out) {
            std::span<std::byte> room(buffer_.get(), kBufferBytes);
            const ssize_t n = ::read(child_.out.get(), room.data(), room.size());
            if (n < 0 && errno == EINTR) continue;
            if (n < 0 && errno == EAGAIN) return {};
            if (n < 0)
                return Error{Code::failed, "reading from '" + request_.argv.front() +
                                               "': " + std::generic_category().message(errno)};
            if (n == 0) {
                child_.out.reset();
                return {};
            }
            moved_ns_ = now_ns();
            const auto got = static_cast<std::size_t>(n);
            if (request_.out) BKT_TRY(request_.out->write(room.first(got)));
            outcome.stdout_bytes += got;
            // Come back for cancel, deadline and stderr after every buffer.
            return {};
        }
        return {};
    }

    void read_stderr(ExecOutcome& outcome) {
        while (child_.err) {
            const ssize_t n = ::read(child_.err.get(), buffer_.get(), kBufferBytes);
            if (n < 0 && errno == EINTR) continue;
            if (n < 0 && errno == EAGAIN) return;
            if (n <= 0) {
                child_.err.reset();
                return;
            }
            moved_ns_ = now_ns();
            std::string& tail = outcome.stderr_tail;
            tail.append(reinterpret_cast<const char*>(buffer_.get()), static_cast<std::size_t>(n));
            if (tail.size() > kStderrTailBytes) tail.erase(0, tail.size() - kStderrTailBytes);
        }
    }

    Status feed_stdin(ExecOutcome& outcome) {
        if (!child_.in || !request_.in) return {};
        if (pending_.empty()) {
            if (!in_buffer_) in_buffer_ = std::make_unique<std::byte[]>(kBufferBytes);
            BKT_LET(const std::size_t n, request_.in->read({in_buffer_.get(), kBufferBytes}));
            outcome.stdin_bytes += n;
            if (n == 0) child_.in.reset();
            pending_ = {in_buffer_.get(), n};
        }
        while (child_.in && !pending_.empty()) {
            const ssize_t n = ::write(child_.in.get(), pending_.data(), pending_.size());
            if (n < 0 && errno == EINTR) continue;
            if (n < 0 && errno == EAGAIN) return {};
            if (n < 0) {
                // The tool wants no more: whether that is well, its exit code says.
                child_.in.reset();
                pending_ = {};
                return {};
            }
            pending_ = pending_.subspan(static_cast<std::size_t>(n));
        }
        return {};
    }

    Call& call_;
    const ExecRequest& request_;
    Child& child_;
    std::unique_ptr<std::byte[]> buffer_, in_buffer_;
    Bytes pending_;  // taken from the source, not yet by the tool
    bool ended_ = false;
    std::uint64_t ended_ns_ = 0, moved_ns_ = now_ns(), looked_ns_ = 0;
};

// SIGTERM, so that the tool may clean up; after the grace SIGKILL. Its output is thrown away, lest it
// hang on a full pipe while cleaning up.
void end_tool(Child& child) {
    child.signal(SIGTERM);
    const std::uint64_t until = now_ns() + kTermGraceNs;
    std::byte waste[4096];
    while (!child.ended() && now_ns() < until) {
        pollfd fds[] = {{child.out.get(), POLLIN, 0}, {child.err.get(), POLLIN, 0}};
        ::poll(fds, std::size(fds), 20);
        for (UniqueFd* fd : {&child.out, &child.err})
            if (*fd && ::read(fd->get(), waste, sizeof waste) == 0) fd->reset();
    }
    child.signal(SIGKILL);
    child.reap();
}

}  // namespace

Result<ExecOutcome> run_tool(Call& call, const ExecRequest& request) {
    if (call.cancelled()) return Error{Code::cancelled, "cancelled"};
    BKT_LET(Child child, Child::start(request.argv, request.env, request.in.has_value()));
    const NoSigpipe guard;
    ExecOutcome outcome;
    outcome.how = BKT_EXIT_WAITED;
    Pump pump(call, request, child);
    if (auto moved = pump.run(outcome); !moved) {
        end_tool(child);
        return std::move(moved).error();
    }
    outcome.exit_code = child.reap();
    return outcome;
}

}  // namespace bkt::local_host
