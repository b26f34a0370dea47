// tests/support/tcp_listener.hpp: a real TCP server on 127.0.0.1: gives back what it is sent, or answers nobody.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <thread>
#include <vector>

#include "baktainer/unique_fd.hpp"

namespace bkt::test {

class TcpListener final {
public:
    enum class Kind {
        echo,    // gives back the bytes of one connection after the other
        closed,  // nobody listens at its port
        silent   // its queue is full: who connects hears nothing
    };
    explicit TcpListener(Kind kind) : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof at;
        auto* address = reinterpret_cast<sockaddr*>(&at);
        if (::bind(listener_.get(), address, size) != 0 ||
            ::getsockname(listener_.get(), address, &size) != 0)
            throw std::runtime_error("cannot bind");
        port_ = ntohs(at.sin_port);
        if (kind == Kind::closed) return;
        if (::listen(listener_.get(), kind == Kind::silent ? 0 : 16) != 0)
            throw std::runtime_error("cannot listen");
        if (kind == Kind::echo) server_ = std::thread([this] { serve(); });
        // The kernel takes one more than the queue holds, and forgets what comes after that.
        for (int i = 0; kind == Kind::silent && i < 4; ++i) {
            fillers_.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
            (void)!::connect(fillers_.back().get(), address, size);
        }
    }
    TcpListener(const TcpListener&) = delete;
    TcpListener& operator=(const TcpListener&) = delete;
    ~TcpListener() {
        ::shutdown(listener_.get(), SHUT_RDWR);
        if (server_.joinable()) server_.join();
    }
    std::uint16_t port() const { return port_; }

private:
    void serve() const {
        for (;;) {
            const UniqueFd client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
            if (!client) return;
            char bytes[256];
            for (ssize_t n; (n = ::read(client.get(), bytes, sizeof bytes)) > 0;)
                if (::write(client.get(), bytes, static_cast<std::size_t>(n)) != n) break;
        }
    }

    UniqueFd listener_;
    std::uint16_t port_ = 0;
    std::vector<UniqueFd> fillers_;
    std::thread server_;
};

}  // namespace bkt::test
