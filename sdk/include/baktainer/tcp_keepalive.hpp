// tcp_keepalive.hpp: has the kernel ask for the other end of a TCP connection on which nothing comes. Whoever only
// reads would otherwise wait for ever for a machine that went away without a word.
#pragma once

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace bkt {

// Two minutes without a sign of life break the connection: asked after 60 s, then six times every 10 s (tcp(7)).
// False for what is no TCP socket. Any thread; `fd` stays the caller's.
inline bool keep_tcp_alive(int fd) {
    int protocol = 0;
    socklen_t size = sizeof protocol;
    if (::getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &size) != 0 || protocol != IPPROTO_TCP)
        return false;
    const auto set = [fd](int level, int option, int value) {
        return ::setsockopt(fd, level, option, &value, sizeof value) == 0;
    };
    return set(IPPROTO_TCP, TCP_KEEPIDLE, 60) && set(IPPROTO_TCP, TCP_KEEPINTVL, 10) &&
           set(IPPROTO_TCP, TCP_KEEPCNT, 6) && set(SOL_SOCKET, SO_KEEPALIVE, 1);
}

}  // namespace bkt
