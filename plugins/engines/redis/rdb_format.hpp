// rdb_format.hpp: the RDB file as a validator sees it: its first nine bytes, its last nine and the checksum.
//
// An RDB begins with "REDIS" and four digits ("VALKEY" and three since Valkey 9) and ends with the opcode 0xff
// and a CRC-64 of every byte before. The objects between are not taken apart. That the last eight bytes are the
// checksum of all before them proves: nothing is cut off, at any place; no bit is flipped, no block exchanged;
// nothing follows (a second file after the first one included) - each but for one chance in 2^64.
// A server with 'rdbchecksum no' writes a checksum of 0. Then only the first and last bytes are known, which is
// said as a warning: the count that redis-cli states is what proves such a dump whole when it is made, and the
// manifest's digest afterwards.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "baktainer/stream.hpp"

namespace bkt::redis {

inline constexpr std::string_view kRdbPart = "dump.rdb";
inline constexpr std::string_view kRdbMedia = "application/x-redis-rdb";
inline constexpr std::size_t kRdbMagicBytes = 9;
// The first that ends with a checksum is 5 (Redis 2.6).
inline constexpr int kOldestRdbVersion = 5;

// The version in "REDIS0011" or "VALKEY080"; nullopt for anything else.
std::optional<int> rdb_version(std::string_view magic);

// Fed with the bytes of one file in any chunks.
class RdbFormat final {
public:
    Status feed(Bytes bytes);
    // Code::truncated or Code::corrupt unless whole.
    Status finish() const;
    // After finish(): the server was told to compute no checksum.
    bool has_no_checksum() const;

private:
    // Into the checksum. Over a file and its own checksum it is 0 again, as at the start, so that a second file
    // behind the first would go unseen: where one could begin, it is looked at.
    void absorb(Bytes bytes);

    std::string magic_;  // the first nine bytes
    std::string tail_;   // the last nine bytes, those that are not in crc_ yet
    std::uint64_t crc_ = 0;
    bool is_at_start_ = true;
    bool a_second_follows_ = false;
    std::uint64_t total_bytes_ = 0;
};

std::unique_ptr<Tap> rdb_tap();

}  // namespace bkt::redis
