// wire/message.hpp: one message between the host and an isolated plugin's process, and its form on the
// wire: a CBOR array [type, id, method, body] in one datagram, descriptors beside it.
//
// Both sides take the other for broken or hostile: everything is bounded, and what is not understood is an
// error, never a guess.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "baktainer/result.hpp"
#include "baktainer/unique_fd.hpp"

namespace bkt::wire {

using nlohmann::json;

constexpr std::size_t kMaxInlineBytes = 48 * 1024;  // larger ones travel in a memory file
constexpr std::size_t kMaxMessageBytes = 16u << 20;
constexpr std::size_t kMaxFds = 4;

enum class Type : std::uint8_t {
    request = 0,  // wants a reply with the same id
    reply = 1,
    notice = 2  // id 0
};

struct Message {
    Type type = Type::notice;
    std::uint64_t id = 0;
    std::string method;
    json body;
    std::vector<UniqueFd> fds;
};

std::vector<std::uint8_t> encoded(Type type, std::uint64_t id, std::string_view method,
                                  const json& body);
// Code::corrupt when it is none.
Result<Message> decoded(std::span<const std::uint8_t> bytes);

}  // namespace bkt::wire
