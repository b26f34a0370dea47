#include "tests/support/cutting_proxy.hpp"

#include <arpa/inet.h>
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

// A TLS 1.3 record of 19 bytes holds two, their type and a tag: an alert, or a line's end in a head.
constexpr std::size_t kTlsCloseBytes = 24;

bool ends_with_tls_close(std::string_view bytes) {
    return bytes.size() >= kTlsCloseBytes &&
           bytes.substr(bytes.size() - kTlsCloseBytes)
               .starts_with(std::string_view("\x17\x03\x03\0\x13", 5));
}

struct Address {
    sockaddr_storage bytes{};
    socklen_t len = 0;
    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&bytes); }
};

Address address_of(const std::string& text) {
    Address address;
    if (text.starts_with('/')) {
        auto& un = reinterpret_cast<sockaddr_un&>(address.bytes);
        un.sun_family = AF_UNIX;
        if (text.size() >= sizeof un.sun_path) throw std::runtime_error("path too long: " + text);
        std::memcpy(un.sun_path, text.data(), text.size());
        address.len = sizeof un;
    } else {
        auto& in = reinterpret_cast<sockaddr_in&>(address.bytes);
        in.sin_family = AF_INET;
        in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        in.sin_port = htons(static_cast<std::uint16_t>(std::stoi(text)));
        address.len = sizeof in;
    }
    return address;
}

int socket_for(const Address& address) {
    return ::socket(address.bytes.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

bool send_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

}  // namespace

CuttingProxy::CuttingProxy(const std::string& listen, std::string upstream, Cut cut)
    : upstream_(std::move(upstream)), cut_(cut) {
    const auto address = address_of(listen);
    listener_ = socket_for(address);
    stop_ = ::eventfd(0, EFD_CLOEXEC);
    const int yes = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (::bind(listener_, address.get(), address.len) != 0 || ::listen(listener_, 64) != 0)
        throw std::runtime_error("cannot listen at " + listen);
    acceptor_ = std::thread([this] { accept_all(); });
}

CuttingProxy::~CuttingProxy() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto n = ::write(stop_, &one, sizeof one);
    acceptor_.join();
    cut_now();
    for (auto& carrier : carriers_) carrier.join();
    ::close(listener_);
    ::close(stop_);
}

void CuttingProxy::cut_now() {
    const std::lock_guard lock(mutex_);
    for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
}

void CuttingProxy::accept_all() {
    for (;;) {
        pollfd fds[] = {{listener_, POLLIN, 0}, {stop_, POLLIN, 0}};
        ::poll(fds, 2, -1);
        if (fds[1].revents) return;
        const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (client >= 0) carriers_.emplace_back([this, client] { carry(client); });
    }
}

void CuttingProxy::carry(int client) {
    const auto address = address_of(upstream_);
    const int server = socket_for(address);
    bool going = ::connect(server, address.get(), address.len) == 0;
    {
        const std::lock_guard lock(mutex_);
        open_.insert({client, server});
    }
    std::string head;  // of the answer, until its end is found
    bool in_head = true, attached = false;
    std::size_t carried = 0, seen = 0;
    std::vector<char> buffer(64 * 1024);
    pollfd fds[] = {{client, POLLIN, 0}, {server, POLLIN, 0}, {stop_, POLLIN, 0}};
    while (going && ::poll(fds, 3, -1) > 0 && !fds[2].revents) {
        if (fds[0].revents) {
            const ssize_t n = ::recv(client, buffer.data(), buffer.size(), 0);
            if (n > 0) going = send_all(server, {buffer.data(), static_cast<std::size_t>(n)});
            else ::shutdown(server, SHUT_WR), fds[0].fd = -1;
        }
        if (!fds[1].revents) continue;
        const ssize_t n = ::recv(server, buffer.data(), buffer.size(), 0);
        if (n <= 0) break;
        std::string_view bytes(buffer.data(), static_cast<std::size_t>(n));
        std::size_t of_stream = attached ? bytes.size() : 0;
        if (in_head) {
            head += bytes;
            const auto end = head.find("\r\n\r\n");
            in_head = end == head.npos && head.size() < 16 * 1024;
            attached = end != head.npos && head.starts_with("HTTP/1.1 101");
            if (attached) of_stream = head.size() - (end + 4);
        }
        if (attached && cut_.attached_after) {
            const auto over = carried + of_stream;
            carried = std::min(over, *cut_.attached_after);
            bytes.remove_suffix(over - carried);
            if (carried == *cut_.attached_after) ++cuts_, going = false;
        }
        seen += bytes.size();
        if (cut_.tls_close_after && seen > *cut_.tls_close_after && ends_with_tls_close(bytes)) {
            bytes.remove_suffix(kTlsCloseBytes);
            ++cuts_, going = false;
        }
        going = send_all(client, bytes) && going;
    }
    {
        const std::lock_guard lock(mutex_);
        open_.erase(client), open_.erase(server);
    }
    ::close(client);
    ::close(server);
}

}  // namespace bkt::test
