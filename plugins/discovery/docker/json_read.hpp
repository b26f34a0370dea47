// json_read.hpp: reads the engine's JSON without trusting its shape. What is missing or of another type is
// nothing, never an exception: something else may listen at the engine's address.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace bkt::docker {

inline const nlohmann::json& at(const nlohmann::json& j, const char* key) {
    static const nlohmann::json kNothing;
    const auto found = j.is_object() ? j.find(key) : j.end();
    return found != j.end() ? *found : kNothing;
}

inline std::string text_at(const nlohmann::json& j, const char* key) {
    const auto& value = at(j, key);
    return value.is_string() ? value.get<std::string>() : std::string();
}

inline std::optional<bool> flag_at(const nlohmann::json& j, const char* key) {
    const auto& value = at(j, key);
    return value.is_boolean() ? std::optional(value.get<bool>()) : std::nullopt;
}

}  // namespace bkt::docker
