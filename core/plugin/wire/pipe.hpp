// wire/pipe.hpp: a pipe for bulk bytes, and whole writes into it.
#pragma once

#include <fcntl.h>

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

// True when all was written; false when the reader is gone.
inline bool write_all(int fd, const void* bytes, std::size_t len) {
    const auto* at = static_cast<const char*>(bytes);
    while (len > 0) {
        const ssize_t n = ::write(fd, at, len);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        at += n, len -= static_cast<std::size_t>(n);
    }
    return true;
}

// Bytes read, 0 at the end, -1 on an error.
inline ssize_t read_some(int fd, void* into, std::size_t cap) {
    ssize_t n = -1;
    do n = ::read(fd, into, cap);
    while (n < 0 && errno == EINTR);
    return n;
}

}  // namespace bkt::wire
