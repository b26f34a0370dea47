// io_error.hpp: what errno means for a caller and an operator, in one place.
#pragma once

#include <string>

#include "baktainer/result.hpp"

namespace bkt::local {

// `doing` is a verb phrase ("writing"), `path` the file it happened to.
Error io_error(int errno_value, const std::string& doing, const std::string& path);

// io_error for a write that had put down `written_bytes` before it failed.
Error write_error(int errno_value, const std::string& path, std::uint64_t written_bytes);

}  // namespace bkt::local
