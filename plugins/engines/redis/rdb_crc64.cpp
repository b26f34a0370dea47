#include "plugins/engines/redis/rdb_crc64.hpp"

#include <array>

namespace bkt::redis {
namespace {

constexpr std::uint64_t kPolynomial = 0x95ac9329ac4bc9b5;  // 0xad93d23594c935a9 reflected

// Eight bytes a step: a dump is read through by this, twice in its life at least.
using Tables = std::array<std::array<std::uint64_t, 256>, 8>;
constexpr Tables make_tables() {
    Tables t{};
    for (std::uint64_t i = 0; i < 256; ++i) {
        std::uint64_t crc = i;
        for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? kPolynomial : 0);
        t[0][i] = crc;
    }
    for (std::size_t k = 1; k < 8; ++k)
        for (std::size_t i = 0; i < 256; ++i) t[k][i] = t[k - 1][i] >> 8 ^ t[0][t[k - 1][i] & 255];
    return t;
}
constexpr Tables kTables = make_tables();

}  // namespace

std::uint64_t rdb_crc64(std::uint64_t crc, Bytes bytes) {
    const auto* p = reinterpret_cast<const unsigned char*>(bytes.data());
    std::size_t left = bytes.size();
    for (; left >= 8; left -= 8, p += 8) {
        std::uint64_t word = 0;
        for (int i = 7; i >= 0; --i) word = word << 8 | p[i];
        word ^= crc;
        crc = 0;
        for (std::size_t i = 0; i < 8; ++i) crc ^= kTables[7 - i][word >> (8 * i) & 255];
    }
    for (; left > 0; --left, ++p) crc = crc >> 8 ^ kTables[0][(crc ^ *p) & 255];
    return crc;
}

}  // namespace bkt::redis
