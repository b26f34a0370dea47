// schema.hpp: what a plugin can be set to, declared once: the host checks and fills in the settings by it,
// and shows it to people.
//
//     static auto config() {
//         return std::vector{bkt::text("url", "Where to POST the event").required(),
//                            bkt::integer("retries", "How often").range(0, 10).or_else(3)};
//     }
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bkt {

// One setting. Made by text(), integer(), boolean() or secret(); the rest refines it.
class Field final {
public:
    enum class Type { text, integer, boolean, secret };

    Field(Type type, std::string_view name, std::string_view description)
        : type_(type), name_(name), description_(description) {}

    // It must be set: a plugin is not opened without.
    Field& required() {
        required_ = true;
        return *this;
    }
    // What it is when it is not set. Of a text, an integer, a boolean.
    Field& or_else(std::string_view value) {
        default_ = quoted(value);
        return *this;
    }
    Field& or_else(const char* value) { return or_else(std::string_view(value)); }
    Field& or_else(std::int64_t value) {
        default_ = std::to_string(value);
        return *this;
    }
    Field& or_else(int value) { return or_else(std::int64_t{value}); }
    Field& or_else(bool value) {
        default_ = value ? "true" : "false";
        return *this;
    }
    // Of an integer: both ends are allowed.
    Field& range(std::int64_t least, std::int64_t most) {
        limits_ = ",\"minimum\":" + std::to_string(least) + ",\"maximum\":" + std::to_string(most);
        return *this;
    }
    // Of a text: the words it may be.
    Field& one_of(const std::vector<std::string_view>& words) {
        std::string list;
        for (const auto word : words) list += (list.empty() ? "" : ",") + quoted(word);
        limits_ = ",\"enum\":[" + list + "]";
        return *this;
    }

    const std::string& name() const { return name_; }
    bool is_required() const { return required_; }
    // Its property in a JSON Schema (2020-12).
    std::string json() const {
        const char* const type = type_ == Type::integer   ? "integer"
                                 : type_ == Type::boolean ? "boolean"
                                                          : "string";
        std::string text = "{\"type\":\"" + std::string(type) + "\",\"description\":" +
                           quoted(description_.empty() ? name_ : description_);
        if (type_ == Type::secret) text += ",\"writeOnly\":true";
        if (!default_.empty()) text += ",\"default\":" + default_;
        return text + limits_ + "}";
    }

    // `text` as a JSON string (RFC 8259, 7).
    static std::string quoted(std::string_view text) {
        static constexpr char kHex[] = "0123456789abcdef";
        std::string out = "\"";
        for (const char c : text) {
            const auto u = static_cast<unsigned char>(c);
            if (c == '"' || c == '\\') (out += '\\') += c;
            else if (u < 0x20) ((out += "\\u00") += kHex[u >> 4]) += kHex[u & 15];
            else out += c;
        }
        return out += '"';
    }

private:
    Type type_;
    std::string name_;
    std::string description_;
    std::string default_;  // as JSON
    std::string limits_;   // as JSON members
    bool required_ = false;
};

inline Field text(std::string_view name, std::string_view description = {}) {
    return {Field::Type::text, name, description};
}
inline Field integer(std::string_view name, std::string_view description = {}) {
    return {Field::Type::integer, name, description};
}
inline Field boolean(std::string_view name, std::string_view description = {}) {
    return {Field::Type::boolean, name, description};
}
// Read with Call::secret(name), never with Call::config(): the operator writes `<name>_file` or another
// reference, and the value is resolved at the moment of use.
inline Field secret(std::string_view name, std::string_view description = {}) {
    return {Field::Type::secret, name, description};
}

using Schema = std::vector<Field>;

// The JSON Schema of bkt_component.config_schema.
inline std::string schema_json(const Schema& fields) {
    std::string properties, required;
    for (const Field& f : fields) {
        properties += (properties.empty() ? "" : ",") + Field::quoted(f.name()) + ":" + f.json();
        if (f.is_required()) required += (required.empty() ? "" : ",") + Field::quoted(f.name());
    }
    return "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\","
           "\"properties\":{" +
           properties + "},\"required\":[" + required + "],\"additionalProperties\":false}";
}

}  // namespace bkt
