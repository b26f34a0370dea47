// dump_format.hpp: proves a dump whole by walking its lines to the end.
//
// The tools put a row's line feeds as \n, so a line feed of the file always ends a line of their own: a
// walk over lines knows where it is without parsing SQL. Only the bodies of routines, triggers and events
// hold text as it was written, and those stand between DELIMITER lines. The completion comment counts
// outside of them alone, as the very last line; a second header, a row that is cut off in the middle, or
// anything after the end is refused. A look at the tail only would take two dumps in a row, or half a one
// and a whole one, for a whole one.
#pragma once

#include <memory>

#include "baktainer/stream.hpp"

namespace bkt::mysql {

enum class DumpKind { database, accounts };

// The first and last lines of the accounts' part, which this engine writes itself.
inline constexpr std::string_view kAccountsBegin = "-- Baktainer accounts";
inline constexpr std::string_view kAccountsEnd = "-- Accounts completed";

// What mariadb-dump puts before its header since 10.5.25; mysql does not understand it.
inline constexpr std::string_view kSandboxLine = "/*M!999999\\- enable the sandbox mode";

std::unique_ptr<Tap> dump_format_tap(DumpKind kind);

}  // namespace bkt::mysql
