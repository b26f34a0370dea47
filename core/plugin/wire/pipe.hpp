// wire/pipe.hpp: a pipe for bulk bytes, and whole writes into it.
//
// Whoever holds the other end may be stopped, or stuck in the kernel where no signal reaches it. So an end that
// must not wait for ever is made non-blocking, and what waits for it waits for a `stop` descriptor too.
#pragma once

#include <fcntl.h>
#include <poll.h>

#include <cerrno>
#include <cstddef>
#include <utility>

#include "baktainer/result.hpp"
#include "baktainer/unique_fd.hpp"

namespace bkt::wire {

constexpr int kPipeBytes = 1 << 20;  // wished for; an unprivileged user's share may be used up

struct Pipe {
    UniqueFd read, write;
};

inline Result<Pipe> make_pipe() {
    int fds[2];
    if (::pipe2(fds, O_CLOEXEC) != 0) return Error{Code::unavailable, "no descriptors left"};
    ::fcntl(fds[1], F_SETPIPE_SZ, kPipeBytes);
    return Pipe{UniqueFd(fds[0]), UniqueFd(fds[1])};
}

inline void set_nonblocking(int fd) { ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK); }

// Waits until `fd` is ready. False once `stop` is readable.
inline bool await_end(int fd, short events, int stop) {
    pollfd both[] = {{fd, events, 0}, {stop, POLLIN, 0}};  // a negative one is not looked at
    while (::poll(both, 2, -1) < 0 && errno == EINTR) {
    }
    return (both[1].revents & POLLIN) == 0;
}

// True when all was written; false when the reader is gone, or on `stop`.
inline bool write_all(int fd, const void* bytes, std::size_t len, int stop = -1) {
    const auto* at = static_cast<const char*>(bytes);
    while (len > 0) {
        const ssize_t n = ::write(fd, at, len);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == EAGAIN) {
            if (await_end(fd, POLLOUT, stop)) continue;
            return false;
        }
        if (n <= 0) return false;
        at += n, len -= static_cast<std::size_t>(n);
    }
    return true;
}

// Bytes read, 0 at the end, -1 on an error or on `stop`.
inline ssize_t read_some(int fd, void* into, std::size_t cap, int stop = -1) {
    for (;;) {
        const ssize_t n = ::read(fd, into, cap);
        if (n >= 0 || (errno != EINTR && errno != EAGAIN)) return n;
        if (errno == EAGAIN && !await_end(fd, POLLIN, stop)) return -1;
    }
}

}  // namespace bkt::wire
