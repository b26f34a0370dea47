#include "plugins/engines/redis/rdb_aux.hpp"

#include <optional>

#include "plugins/engines/redis/rdb_format.hpp"

namespace bkt::redis {
namespace {

constexpr unsigned char kAuxOpcode = 0xfa;

// A string of an RDB: its length in 6 or 14 bits, or a little-endian integer of 1, 2 or 4 bytes.
std::optional<std::string> take_string(std::string_view& rest) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
    if (rest.empty()) return std::nullopt;
    const unsigned kind = byte(0) >> 6, low = byte(0) & 63u;
    std::size_t begin = 1, size = low;
    if (kind == 1) {
        if (rest.size() < 2) return std::nullopt;
        begin = 2, size = low << 8 | byte(1);
    } else if (kind == 3 && low <= 2) {
        size = std::size_t{1} << low;
        if (rest.size() < 1 + size) return std::nullopt;
        std::uint32_t value = 0;
        for (std::size_t i = size; i > 0; --i) value = value << 8 | byte(i);
        rest.remove_prefix(1 + size);
        if (size == 1) return std::to_string(static_cast<std::int8_t>(value));
        if (size == 2) return std::to_string(static_cast<std::int16_t>(value));
        return std::to_string(static_cast<std::int32_t>(value));
    } else if (kind != 0) {
        return std::nullopt;
    }
    if (rest.size() < begin + size) return std::nullopt;
    std::string text(rest.substr(begin, size));
    rest.remove_prefix(begin + size);
    return text;
}

}  // namespace

std::map<std::string, std::string> rdb_aux(std::string_view head) {
    std::map<std::string, std::string> fields;
    if (!rdb_version(head.substr(0, kRdbMagicBytes))) return fields;
    head.remove_prefix(kRdbMagicBytes);
    while (!head.empty() && static_cast<unsigned char>(head.front()) == kAuxOpcode) {
        head.remove_prefix(1);
        auto key = take_string(head);
        if (!key) break;
        auto value = take_string(head);
        if (!value) break;
        fields.emplace(*std::move(key), *std::move(value));
    }
    return fields;
}

}  // namespace bkt::redis
