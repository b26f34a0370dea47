// bkt.net/1 (draft): a TCP connection for engines that speak their server's protocol themselves.
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>

#include "baktainer/tcp_keepalive.hpp"
#include "baktainer/unique_fd.hpp"
#include "core/plugin/instance_host.hpp"
#include "core/plugin/services/guarded.hpp"
#include "core/plugin/services/table.hpp"

namespace bkt::plugin::services {

namespace {

constexpr auto kConnectTime = std::chrono::seconds(30);

struct FreeAddresses {
    void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

Result<std::unique_ptr<addrinfo, FreeAddresses>> resolve(const std::string& name,
                                                         std::uint32_t port) {
    addrinfo wish{};
    wish.ai_socktype = SOCK_STREAM;
    wish.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const int rc = ::getaddrinfo(name.c_str(), std::to_string(port).c_str(), &wish, &found);
    if (rc == 0) return std::unique_ptr<addrinfo, FreeAddresses>(found);
    return Error{rc == EAI_NONAME ? Code::not_found : Code::unavailable,
                 "cannot find '" + name + "': " + ::gai_strerror(rc), "check the name and the DNS"};
}

// A deadline makes cancelled() true as well.
bool is_late(const bkt_call* call) {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return call->deadline_ns && static_cast<std::uint64_t>(now.count()) >= call->deadline_ns;
}

// Waits until the connection is made or refused, cancelled, or late.
Status wait_connected(const bkt_call* call, int fd) {
    const auto until = std::chrono::steady_clock::now() + kConnectTime;
    for (;;) {
        if (is_late(call)) return Error{Code::timeout, "the call's time is up"};
        if (call->cancelled(call)) return Error{Code::cancelled, "cancelled"};
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            until - std::chrono::steady_clock::now());
        if (left.count() <= 0) return Error{Code::unavailable, "no answer in time"};
        pollfd both[] = {{fd, POLLOUT, 0}, {call->cancel_fd, POLLIN, 0}};
        // A deadline makes cancelled() true without making the descriptor readable.
        const int ms = static_cast<int>(std::min<std::int64_t>(left.count(), 200));
        if (::poll(both, 2, ms) > 0 && both[0].revents) break;
    }
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) return Error{Code::unavailable, std::strerror(error)};
    return {};
}

Result<UniqueFd> connect_one(const bkt_call* call, const addrinfo& to) {
    UniqueFd fd(
        ::socket(to.ai_family, to.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, to.ai_protocol));
    if (!fd) return Error{Code::unavailable, std::strerror(errno)};
    if (::connect(fd.get(), to.ai_addr, to.ai_addrlen) != 0) {
        if (errno != EINPROGRESS) return Error{Code::unavailable, std::strerror(errno)};
        BKT_TRY(wait_connected(call, fd.get()));
    }
    keep_tcp_alive(fd.get());
    const int flags = ::fcntl(fd.get(), F_GETFL);
    ::fcntl(fd.get(), F_SETFL, flags & ~O_NONBLOCK);
    return fd;
}

bkt_rc dial(const bkt_host*, const bkt_call* call, bkt_str host_name, std::uint32_t port,
            std::int32_t* fd) noexcept {
    return guarded(call, [&]() -> Status {
        const std::string name(view(host_name));
        if (name.empty() || name.find('\0') != name.npos || port == 0 || port > 65535)
            return Error{Code::invalid,
                         "no such address: '" + name + ":" + std::to_string(port) + "'"};
        BKT_LET(const auto addresses, resolve(name, port));
        Error last{Code::not_found, "'" + name + "' has no address"};
        for (const addrinfo* at = addresses.get(); at; at = at->ai_next) {
            auto made = connect_one(call, *at);
            if (made) {
                *fd = made->release();
                return {};
            }
            last = std::move(made).error();
            if (last.code == Code::cancelled) return last;
            if (last.code == Code::timeout) break;
        }
        return Error{
            last.code,
            "cannot connect to '" + name + ":" + std::to_string(port) + "': " + last.message,
            "check that the server runs and is reachable from here"};
    });
}

}  // namespace

const bkt_net kNet = {sizeof kNet, 0, &dial};

}  // namespace bkt::plugin::services
