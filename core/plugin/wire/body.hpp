// wire/body.hpp: reads a message's body without trusting its shape: what is missing or of another type is
// empty or 0, never an exception.
#pragma once

#include <optional>

#include "core/plugin/wire/message.hpp"

namespace bkt::wire {

inline const json& at(const json& body, const char* key) {
    static const json kNothing;
    const auto found = body.is_object() ? body.find(key) : body.end();
    return body.is_object() && found != body.end() ? *found : kNothing;
}
inline std::string text_of(const json& value) {
    return value.is_string() ? value.get<std::string>() : std::string();
}
inline std::string text(const json& body, const char* key) { return text_of(at(body, key)); }
inline std::uint64_t number(const json& body, const char* key) {
    const auto& value = at(body, key);
    return value.is_number_unsigned() ? value.get<std::uint64_t>() : 0;
}
inline std::int64_t integer(const json& body, const char* key) {
    const auto& value = at(body, key);
    return value.is_number_integer() ? value.get<std::int64_t>() : 0;
}
inline const json& list(const json& body, const char* key) {
    static const json kEmpty = json::array();
    const auto& value = at(body, key);
    return value.is_array() ? value : kEmpty;
}
// A return code; one that is no category is BKT_BUG.
inline std::int32_t code(const json& body, const char* key = "rc") {
    const auto& value = at(body, key);
    if (!value.is_number_integer()) return -14;
    const auto rc = value.get<std::int64_t>();
    return rc >= INT32_MIN && rc <= INT32_MAX ? static_cast<std::int32_t>(rc) : -14;
}

}  // namespace bkt::wire
