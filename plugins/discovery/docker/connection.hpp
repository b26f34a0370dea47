// connection.hpp: one byte stream to the container engine: unix socket, TCP, or TLS over TCP.
//
// Non-blocking underneath; every step waits through a Wait, so that a silent engine cannot hold a
// cancelled call. TLS verifies the server's name and presents the client certificate when there is one.
#pragma once

#include <memory>
#include <optional>
#include <span>

#include "baktainer/stream.hpp"
#include "baktainer/unique_fd.hpp"
#include "plugins/discovery/docker/endpoint.hpp"
#include "plugins/discovery/docker/wait.hpp"

struct ssl_st;

namespace bkt::docker {

class Connection final {  // One thread at a time.
public:
    // Code::unavailable, denied (permission, certificates) or invalid, each with the remedy.
    static Result<Connection> open(const Endpoint& endpoint, const Wait& wait);
    Connection(Connection&&) noexcept = default;
    Connection& operator=(Connection&&) noexcept = default;

    // Some bytes; 0 = the peer closed. Blocks through `wait`.
    Result<std::size_t> read(std::span<std::byte> into, const Wait& wait);
    Status write(Bytes bytes, const Wait& wait);

    // --- for reading and writing at the same time ---
    int fd() const { return fd_.get(); }
    // True when TLS holds bytes that poll() cannot see.
    bool has_pending() const;
    // Without blocking: nullopt = nothing now.
    Result<std::optional<std::size_t>> try_read(std::span<std::byte> into);
    // Whether a read failed because the peer closed before it had read all that was written to it. True of a
    // unix socket alone, which says so after the last byte from the peer; TCP may throw those away.
    bool left_input_unread() const { return left_input_unread_; }
    // Without blocking: how many bytes were taken, possibly 0. A peer that no longer reads is
    // Code::unavailable.
    Result<std::size_t> try_write(Bytes bytes);
    // Without blocking: says that nothing more will be written; the peer may go on. False = not said yet,
    // call again when the connection takes bytes.
    Result<bool> try_finish_writing();

private:
    struct FreeSsl {
        void operator()(ssl_st* ssl) const;
    };
    explicit Connection(UniqueFd fd) : fd_(std::move(fd)) {}
    Error failure(const char* what) const;

    UniqueFd fd_;
    std::unique_ptr<ssl_st, FreeSsl> ssl_;  // null = plain
    bool is_unix_ = false;
    bool left_input_unread_ = false;
};

}  // namespace bkt::docker
