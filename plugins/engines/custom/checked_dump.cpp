#include "plugins/engines/custom/checked_dump.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <thread>

#include "baktainer/unique_fd.hpp"

namespace bkt::custom {
namespace {

// Bytes of one thread for another. A socket, for a pipe without a reader would raise SIGPIPE.
class Channel final {
public:
    static Result<std::unique_ptr<Channel>> create() {
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
            return Error{Code::unavailable, "no channel to 'command.validate' could be made"};
        return std::unique_ptr<Channel>(new Channel(UniqueFd(ends[0]), UniqueFd(ends[1])));
    }

    // False: the reader is gone.
    bool write(const char* bytes, std::size_t len) {
        while (len > 0) {
            const ssize_t n = ::send(in_.get(), bytes, len, MSG_NOSIGNAL);
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) return false;
            bytes += n;
            len -= static_cast<std::size_t>(n);
        }
        return true;
    }
    // `whole`: what was written is all there is; else the reader learns of a failure.
    void end(bool whole) {
        whole_ = whole;
        ::shutdown(in_.get(), SHUT_WR);
    }
    void stop_reading() { ::shutdown(out_.get(), SHUT_RD); }

    bkt_source source() { return {sizeof(bkt_source), 0, this, &read, 0}; }

private:
    Channel(UniqueFd in, UniqueFd out) : in_(std::move(in)), out_(std::move(out)) {}

    static bkt_rc read(const bkt_source* source, void* into, std::uint64_t cap,
                       std::uint64_t* len) noexcept {
        auto& self = *static_cast<Channel*>(source->ctx);
        for (;;) {
            const ssize_t n = ::recv(self.out_.get(), into, cap, 0);
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) return BKT_UNAVAILABLE;
            *len = static_cast<std::uint64_t>(n);
            return n == 0 && !self.whole_ ? BKT_TRUNCATED : BKT_OK;
        }
    }

    UniqueFd in_, out_;
    std::atomic<bool> whole_ = false;
};

// Passes everything on to the part, and to the judge.
struct Tee {
    const Sink& part;
    Channel& channel;
    bool judge_gone = false;

    bkt_sink raw() { return {sizeof(bkt_sink), 0, this, &write, nullptr, nullptr}; }
    static bkt_rc write(const bkt_sink* sink, const void* bytes, std::uint64_t len) noexcept {
        auto& self = *static_cast<Tee*>(sink->ctx);
        const auto* at = static_cast<const std::byte*>(bytes);
        if (const auto done = self.part.write({at, len}); !done)
            return static_cast<bkt_rc>(done.error().code);
        self.judge_gone = !self.channel.write(static_cast<const char*>(bytes), len);
        return self.judge_gone ? BKT_CORRUPT : BKT_OK;
    }
};

Error refused(const std::string& judge_name, const ExecResult& r) {
    if (r.exit_code == 126 || r.exit_code == 127)
        return {Code::unsupported, "the target has no '" + judge_name + "' to run",
                "name a program of the image in 'command.validate'"};
    Error error = Exec::failure(judge_name, r);
    return {Code::corrupt, "'command.validate' refuses the dump: " + error.message, error.hint};
}

}  // namespace

Result<ExecResult> run_checked(Call&, Exec command, Exec judge, const std::string& judge_name,
                               const Sink& sink) {
    BKT_LET(const auto channel, Channel::create());
    std::optional<Result<ExecResult>> judged;
    const bkt_source bytes = channel->source();
    judge.in(Source(&bytes));
    std::thread judging([&] {
        judged.emplace(judge.result());
        channel->stop_reading();  // so that nobody waits for a reader that is gone
    });
    Tee tee{sink, *channel};
    const bkt_sink out = tee.raw();
    auto dumped = command.out(Sink(&out)).result();
    channel->end(dumped && dumped->exit_code == 0);
    judging.join();

    // A judge that left is the cause; one that was cut off with the dump is not.
    if (tee.judge_gone) {
        if (!*judged) return std::move(*judged).error();
        if ((*judged)->exit_code != 0) return refused(judge_name, **judged);
        return Error{Code::invalid, "'command.validate' ended before the dump did",
                     "it must read its standard input to the end"};
    }
    if (!dumped || dumped->exit_code != 0) return dumped;
    if (!*judged) return std::move(*judged).error();
    if ((*judged)->exit_code != 0) return refused(judge_name, **judged);
    return dumped;
}

}  // namespace bkt::custom
