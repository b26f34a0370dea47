#include "tests/support/unix_proxy.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace bkt::test {

namespace {

sockaddr_un address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) throw std::runtime_error("path too long: " + path);
    std::memcpy(address.sun_path, path.data(), path.size());
    return address;
}

bool send_all(int fd, const char* bytes, std::size_t len) {
    while (len > 0) {
        const ssize_t n = ::send(fd, bytes, len, MSG_NOSIGNAL);
        if (n <= 0) return false;
        bytes += n;
        len -= static_cast<std::size_t>(n);
    }
    return true;
}

}  // namespace

UnixProxy::UnixProxy(std::string path, std::string upstream, std::size_t cut_after_bytes)
    : path_(std::move(path)), upstream_(std::move(upstream)), cut_after_bytes_(cut_after_bytes) {
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    stop_ = ::eventfd(0, EFD_CLOEXEC);
    const auto address = address_of(path_);
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener_, 64) != 0)
        throw std::runtime_error("cannot listen at " + path_);
    acceptor_ = std::thread([this] { accept_all(); });
}

UnixProxy::~UnixProxy() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto n = ::write(stop_, &one, sizeof one);
    acceptor_.join();
    for (auto& carrier : carriers_) carrier.join();
    ::close(listener_);
    ::close(stop_);
    ::unlink(path_.c_str());
}

void UnixProxy::accept_all() {
    for (;;) {
        pollfd fds[] = {{listener_, POLLIN, 0}, {stop_, POLLIN, 0}};
        ::poll(fds, 2, -1);
        if (fds[1].revents) return;
        const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (client >= 0) carriers_.emplace_back([this, client] { carry(client); });
    }
}

void UnixProxy::carry(int client) {
    const int server = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = address_of(upstream_);
    bool going =
        ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    std::vector<char> buffer(64 * 1024);
    std::size_t carried = 0;
    pollfd fds[] = {{client, POLLIN, 0}, {server, POLLIN, 0}, {stop_, POLLIN, 0}};
    while (going && ::poll(fds, 3, -1) > 0 && !fds[2].revents) {
        if (fds[0].revents) {
            const ssize_t n = ::recv(client, buffer.data(), buffer.size(), 0);
            if (n > 0) going = send_all(server, buffer.data(), static_cast<std::size_t>(n));
            else ::shutdown(server, SHUT_WR), fds[0].fd = -1;
        }
        if (fds[1].revents) {
            const ssize_t n = ::recv(server, buffer.data(), buffer.size(), 0);
            const auto len = std::min(static_cast<std::size_t>(std::max<ssize_t>(n, 0)),
                                      cut_after_bytes_ - carried);
            going = n > 0 && send_all(client, buffer.data(), len);
            carried += len;
            if (carried == cut_after_bytes_) ++cuts_, going = false;
        }
    }
    ::close(client);
    ::close(server);
}

}  // namespace bkt::test
