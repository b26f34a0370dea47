#include "plugins/discovery/docker/connection.hpp"

#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

#include "baktainer/tcp_keepalive.hpp"
#include "plugins/discovery/docker/tls.hpp"

namespace bkt::docker {
namespace {

constexpr auto kConnectLimit = std::chrono::seconds(10);

Error cannot_connect(const std::string& where, int error) {
    const std::string message =
        "cannot connect to the container engine at " + where + ": " + std::strerror(error);
    switch (error) {
        case ENOENT:
            return {Code::unavailable, message,
                    "start the engine, or set DOCKER_HOST or discovery.docker.socket to where it "
                    "listens"};
        case EACCES:
        case EPERM:
            return {Code::denied, message,
                    "run as root or as a member of the group that owns the socket (docker)"};
        case ECONNREFUSED:
            return {Code::unavailable, message, "the engine is not running: start it"};
        default: return {Code::unavailable, message, "check the address and the network"};
    }
}

// Connects a non-blocking socket, waiting through `wait`.
Status connect_to(const UniqueFd& fd, const sockaddr* address, socklen_t len,
                  const std::string& where, const Wait& wait) {
    if (::connect(fd.get(), address, len) == 0) return {};
    // A full backlog of a unix socket says EAGAIN and has no event to wait for.
    if (errno != EINPROGRESS) return cannot_connect(where, errno);
    pollfd ready{fd.get(), POLLOUT, 0};
    BKT_TRY(wait.until_ready({&ready, 1}));
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return cannot_connect(where, error);
    return {};
}

Result<UniqueFd> connect_unix(const Endpoint& endpoint, const Wait& wait) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, endpoint.socket_path.data(), endpoint.socket_path.size());
    for (;;) {
        UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        if (!fd) return cannot_connect(endpoint.text(), errno);
        if (::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0)
            return fd;
        if (errno != EAGAIN) return cannot_connect(endpoint.text(), errno);
        BKT_TRY(wait.sleep(std::chrono::milliseconds(20)));
    }
}

Result<UniqueFd> connect_tcp(const Endpoint& endpoint, const Wait& wait) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int rc = ::getaddrinfo(endpoint.host.c_str(), endpoint.port.c_str(), &hints, &found);
        rc != 0)
        return Error{Code::unavailable,
                     "cannot find the container engine's host '" + endpoint.host +
                         "': " + ::gai_strerror(rc),
                     "check DOCKER_HOST or discovery.docker.socket"};
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> all(found, &::freeaddrinfo);
    std::optional<Error> last;
    for (const addrinfo* a = found; a; a = a->ai_next) {
        UniqueFd fd(::socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        if (!fd) continue;
        auto done = connect_to(fd, a->ai_addr, a->ai_addrlen, endpoint.text(), wait);
        if (done) {
            keep_tcp_alive(fd.get());  // an engine may be silent for hours, but not gone
            return fd;
        }
        last = std::move(done).error();
        if (last->code == Code::cancelled) break;
    }
    return last.value_or(cannot_connect(endpoint.text(), EADDRNOTAVAIL));
}

}  // namespace

void Connection::FreeSsl::operator()(ssl_st* ssl) const { SSL_free(ssl); }

Error Connection::failure(const char* what) const {
    if (ssl_) return tls_failure(ssl_.get(), what);
    return {Code::unavailable,
            std::string("the connection to the container engine broke while ") + what + ": " +
                std::strerror(errno),
            "see whether the engine was stopped or restarted"};
}

Result<Connection> Connection::open(const Endpoint& endpoint, const Wait& wait) {
    const Wait limited = wait.within(kConnectLimit);
    BKT_LET(UniqueFd fd,
            endpoint.is_unix() ? connect_unix(endpoint, limited) : connect_tcp(endpoint, limited));
    Connection connection(std::move(fd));
    connection.is_unix_ = endpoint.is_unix();
    if (!endpoint.tls) return connection;
    BKT_LET(ssl_st * ssl, make_tls(endpoint, connection.fd()));
    connection.ssl_.reset(ssl);
    for (;;) {
        const int rc = SSL_connect(ssl);
        if (rc == 1) return connection;
        const int why = SSL_get_error(ssl, rc);
        if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
            return connection.failure("shaking hands");
        pollfd ready{connection.fd(),
                     static_cast<short>(why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT), 0};
        BKT_TRY(limited.until_ready({&ready, 1}));
    }
}

bool Connection::has_pending() const { return ssl_ && SSL_pending(ssl_.get()) > 0; }

Result<std::optional<std::size_t>> Connection::try_read(std::span<std::byte> into) {
    if (ssl_) {
        ERR_clear_error();
        std::size_t n = 0;
        const int rc = SSL_read_ex(ssl_.get(), into.data(), into.size(), &n);
        if (rc == 1) return std::optional(n);
        const int why = SSL_get_error(ssl_.get(), rc);
        if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE)
            return std::optional<std::size_t>();
        if (why == SSL_ERROR_ZERO_RETURN) return std::optional<std::size_t>(0);
        return failure("reading");
    }
    const ssize_t n = ::recv(fd_.get(), into.data(), into.size(), 0);
    if (n >= 0) return std::optional(static_cast<std::size_t>(n));
    if (errno == EAGAIN || errno == EINTR) return std::optional<std::size_t>();
    left_input_unread_ = is_unix_ && errno == ECONNRESET;
    return failure("reading");
}

Result<std::size_t> Connection::try_write(Bytes bytes) {
    if (ssl_) {
        ERR_clear_error();
        std::size_t n = 0;
        const int rc = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &n);
        if (rc == 1) return n;
        const int why = SSL_get_error(ssl_.get(), rc);
        if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) return std::size_t{0};
        // A server that refuses us says why and closes; the reason is still there to be read.
        // Only looked at: bytes of the tool may stand before it.
        char ignored = 0;
        SSL_peek(ssl_.get(), &ignored, 1);
        return failure("writing");
    }
    const ssize_t n = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n >= 0) return static_cast<std::size_t>(n);
    if (errno == EAGAIN || errno == EINTR) return std::size_t{0};
    return failure("writing");
}

Result<bool> Connection::try_finish_writing() {
    if (!ssl_) {
        ::shutdown(fd_.get(), SHUT_WR);
        return true;
    }
    ERR_clear_error();
    const int rc = SSL_shutdown(ssl_.get());
    if (rc >= 0) return true;  // 0: ours is sent, the peer's is still to come
    const int why = SSL_get_error(ssl_.get(), rc);
    if (why == SSL_ERROR_WANT_WRITE || why == SSL_ERROR_WANT_READ) return false;
    return failure("ending the input");
}

Result<std::size_t> Connection::read(std::span<std::byte> into, const Wait& wait) {
    for (;;) {
        BKT_LET(const auto n, try_read(into));
        if (n) return *n;
        pollfd ready{fd_.get(), POLLIN, 0};
        BKT_TRY(wait.until_ready({&ready, 1}));
    }
}

Status Connection::write(Bytes bytes, const Wait& wait) {
    while (!bytes.empty()) {
        BKT_LET(const std::size_t n, try_write(bytes));
        bytes = bytes.subspan(n);
        if (n > 0) continue;
        pollfd ready{fd_.get(), POLLOUT, 0};
        BKT_TRY(wait.until_ready({&ready, 1}));
    }
    return {};
}

}  // namespace bkt::docker
