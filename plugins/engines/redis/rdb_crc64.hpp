// rdb_crc64.hpp: the checksum at the end of an RDB file: CRC-64 by Jones' polynomial, reflected, start 0, as
// redis/src/crc64.c documents it ("123456789" -> e9c6d914c4b8d9ca). No library here has it: liblzma's is
// ECMA's polynomial.
#pragma once

#include "baktainer/stream.hpp"

namespace bkt::redis {

// `crc` of what went before (0 = nothing), continued over `bytes`.
std::uint64_t rdb_crc64(std::uint64_t crc, Bytes bytes);

}  // namespace bkt::redis
