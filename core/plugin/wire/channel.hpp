// wire/channel.hpp: a SOCK_SEQPACKET socket that carries messages and descriptors.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>

#include "core/plugin/wire/message.hpp"

namespace bkt::wire {

class Channel final {
public:
    explicit Channel(UniqueFd socket);

    // Thread-safe. `fds` are borrowed. Code::unavailable when the other side is gone or does not read for
    // ten seconds, corrupt when the message is too large.
    Status send(Type type, std::uint64_t id, std::string_view method, const json& body,
                std::span<const int> fds = {}) const;
    // Waits for a message; one thread at a time. nullopt = the other side is gone. Code::corrupt: it broke the
    // protocol.
    Result<std::optional<Message>> receive() const;
    // True when receive() would return at once. Waits up to `limit` (negative: for ever), the first `spin` of
    // it without sleeping. Any thread.
    bool await(std::chrono::milliseconds limit, std::chrono::microseconds spin = {}) const;
    // Makes receive() return, here and at the other side. Thread-safe.
    void shut() const;
    int fd() const { return socket_.get(); }

    // Two connected ends.
    static Result<std::pair<UniqueFd, UniqueFd>> pair();

private:
    UniqueFd socket_;
    std::unique_ptr<std::uint8_t[]> buffer_;  // receive()'s; wiped after each message
};

}  // namespace bkt::wire
