// The rogue as a store: what becomes of its streams.
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <thread>
#include <vector>

#include "tests/fault/worker/rogue/instance.hpp"

namespace rogue {
namespace {

constexpr std::uint64_t kMiddle = 3'000'000;

void misbehave_in_mid_stream(const Instance& i) {
    if (is(i, "crash in mid-stream")) std::abort();
    if (is(i, "exit in mid-stream")) std::exit(0);
    if (is(i, "be killed in mid-stream")) ::kill(::getpid(), SIGKILL);
    if (is(i, "hang in mid-stream")) {
        say(i, "hangs");
        hang();
    }
    if (is(i, "stop in mid-stream")) {
        say(i, "stops");
        ::raise(SIGSTOP);
    }
}

std::size_t piece_bytes(const Instance& i, std::size_t usual) {
    if (is(i, "by bytes")) return 1;
    if (is(i, "in one piece")) return 16u << 20;
    return usual;
}

bkt_rc put(void* self, const bkt_call*, bkt_str, std::uint32_t, const bkt_source* source) noexcept {
    auto& i = *static_cast<Instance*>(self);
    misbehave(i);
    std::vector<char> buffer(piece_bytes(i, 1 << 20));
    if (is(i, "read nothing")) return BKT_OK;
    if (is(i, "read a little")) {
        std::uint64_t n = 0;
        return source->read(source, buffer.data(), 100, &n);
    }
    for (std::uint64_t total = 0;;) {
        std::uint64_t n = 0;
        if (const bkt_rc rc = source->read(source, buffer.data(), buffer.size(), &n); rc != BKT_OK)
            return rc;
        if (n == 0) break;
        total += n;
        if (is(i, "take its time")) ::usleep(2'000);
        if (total <= kMiddle) continue;
        if (is(i, "be full in mid-stream")) return BKT_NO_SPACE;
        misbehave_in_mid_stream(i);
    }
    std::uint64_t n = 1;
    if (is(i, "read after the end"))
        return source->read(source, buffer.data(), buffer.size(), &n) == BKT_OK && n == 0
                   ? BKT_OK
                   : BKT_FAILED;
    return BKT_OK;
}

// The pipe the host gave for the stream's bytes, found among the descriptors of this process; -1 = none.
int stream_pipe() {
    for (int fd = 4; fd < 64; ++fd) {
        struct stat st {};
        if (::fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode) &&
            (::fcntl(fd, F_GETFL) & O_ACCMODE) == O_WRONLY)
            return fd;
    }
    return -1;
}

// After the first bytes of a stream: what it does to the pipe behind the host's library.
void tamper(const Instance& i) {
    if (is(i, "copy the descriptor"))
        for (int fd = 4; fd < 64; ++fd) static_cast<void>(::dup(fd));
    if (is(i, "write beside the count")) static_cast<void>(!::write(stream_pipe(), "beside", 6));
    if (is(i, "count what goes nowhere")) ::dup2(::open("/dev/null", O_WRONLY), stream_pipe());
    if (is(i, "write after OK"))
        std::thread([late = ::dup(stream_pipe())] {
            ::usleep(300'000);
            static_cast<void>(!::write(late, "late", 4));
            ::close(late);
        }).detach();
    if (is(i, "end the stream and never reply")) {
        ::dup2(::open("/dev/null", O_WRONLY), stream_pipe());
        hang();
    }
}

// Text as dumps have it: some of it repeats.
bkt_rc write_rows(const bkt_sink* sink, std::uint64_t length) {
    constexpr std::size_t kRows = 32u << 20;
    std::string rows;
    for (unsigned n = 1; rows.size() < kRows; n = n * 1'103'515'245u + 12'345u)
        rows += std::to_string(n) + "\tcustomer\t" + std::to_string(n % 977) + "\n";
    for (std::uint64_t total = 0; total < length; total += 1 << 20)
        if (const bkt_rc rc = sink->write(sink, rows.data() + total % kRows, 1 << 20); rc != BKT_OK)
            return rc;
    return BKT_OK;
}

bkt_rc get(void* self, const bkt_call*, bkt_str, std::uint64_t, std::uint64_t length,
           const bkt_sink* sink) noexcept {
    auto& i = *static_cast<Instance*>(self);
    misbehave(i);
    if (is(i, "bench")) return write_rows(sink, length);
    const std::string chunk(piece_bytes(i, 65'536), 'x');
    for (std::uint64_t total = 0; total < length;) {
        const auto n = std::min<std::uint64_t>(chunk.size(), length - total);
        if (const bkt_rc rc = sink->write(sink, chunk.data(), n); rc != BKT_OK)
            return is(i, "ignore a failed sink") ? BKT_OK : rc;
        if (total == 0) tamper(i);
        total += n;
        if (is(i, "take its time")) ::usleep(400'000);
        if (total > kMiddle) misbehave_in_mid_stream(i);
    }
    if (is(i, "write nothing at the end")) return sink->write(sink, "", 0);
    return BKT_OK;
}

bkt_rc stat(void*, const bkt_call*, bkt_str key, const bkt_object_out* out) noexcept {
    const bkt_object object{sizeof object, 0, key, 7, 0};
    return out->object(out, &object);
}
bkt_rc list(void* self, const bkt_call*, bkt_str prefix, const bkt_object_out* out) noexcept {
    auto& i = *static_cast<Instance*>(self);
    for (int n = 0; n < 1000; ++n) {
        if (is(i, "crash in mid-list") && n == 500) std::abort();
        const auto key = std::string(prefix.ptr, prefix.len) + std::to_string(n);
        const bkt_object object{sizeof object, 0, {key.data(), key.size()}, 7, 0};
        if (const bkt_rc rc = out->object(out, &object); rc != BKT_OK) return rc;
    }
    return BKT_OK;
}
bkt_rc remove(void*, const bkt_call*, bkt_str) noexcept { return BKT_OK; }
bkt_rc sweep(void*, const bkt_call*, bkt_str, std::uint64_t* removed) noexcept {
    *removed = 3;
    return BKT_OK;
}
bkt_rc free_bytes(void*, const bkt_call*, std::uint64_t* bytes) noexcept {
    *bytes = 1234;
    return BKT_OK;
}

}  // namespace

const bkt_storage_ops kStorage = {sizeof kStorage, 0,     &open,   &close, &put,        &get,
                                  &stat,           &list, &remove, &sweep, &free_bytes, &health,
                                  nullptr};

}  // namespace rogue
