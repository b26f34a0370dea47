#include "core/plugin/wire/message.hpp"

namespace bkt::wire {

std::vector<std::uint8_t> encoded(Type type, std::uint64_t id, std::string_view method,
                                  const json& body) {
    return json::to_cbor(json::array({static_cast<unsigned>(type), id, method, body}));
}

Result<Message> decoded(std::span<const std::uint8_t> bytes) {
    json j = json::from_cbor(bytes, true, false);
    if (!j.is_array() || j.size() != 4 || !j[0].is_number_unsigned() ||
        !j[1].is_number_unsigned() || !j[2].is_string() || j[0].get<std::uint64_t>() > 2)
        return Error{Code::corrupt, "a message that is none"};
    Message message;
    message.type = static_cast<Type>(j[0].get<unsigned>());
    message.id = j[1].get<std::uint64_t>();
    message.method = j[2].get<std::string>();
    message.body = std::move(j[3]);
    return message;
}

}  // namespace bkt::wire
