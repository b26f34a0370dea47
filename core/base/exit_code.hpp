// base/exit_code.hpp: the one table of exit codes. Public API: scripts rely on it.
#pragma once

#include <array>
#include <string_view>

#include "baktainer/result.hpp"

namespace bkt::base {

enum class Exit : int {
    ok = 0,
    failed = 1,
    usage = 2,
    partial = 3,
    not_found = 10,
    locked = 11,
    wrong_key = 12,
    mismatch = 13,
    interrupted = 130,
};

struct ExitRow {
    Exit code;
    std::string_view word;
    std::string_view meaning;
};

inline constexpr std::array<ExitRow, 9> kExitCodes{{
    {Exit::ok, "ok", "everything asked for was done"},
    {Exit::failed, "failed",
     "nothing of what was asked for was done; also any code not listed here"},
    {Exit::usage, "usage", "wrong command line or invalid configuration"},
    {Exit::partial, "partial", "some targets or stores failed, others succeeded"},
    {Exit::not_found, "not-found", "no such backup, target or store"},
    {Exit::locked, "locked", "another process runs the same job"},
    {Exit::wrong_key, "wrong-key", "wrong key, or decryption failed"},
    {Exit::mismatch, "mismatch", "verification or drill found a difference"},
    {Exit::interrupted, "interrupted", "stopped by Ctrl-C or SIGTERM; nothing half-done was kept"},
}};

// What an error that ends the whole command exits with.
constexpr Exit exit_for(Code code) {
    switch (code) {
        case Code::cancelled: return Exit::interrupted;
        case Code::invalid: return Exit::usage;
        case Code::not_found: return Exit::not_found;
        case Code::conflict: return Exit::locked;
        case Code::corrupt:
        case Code::truncated: return Exit::mismatch;
        default: return Exit::failed;
    }
}

}  // namespace bkt::base
