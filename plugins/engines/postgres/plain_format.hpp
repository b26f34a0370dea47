// plain_format.hpp: proves a plain SQL dump whole by the lines pg_dump and pg_dumpall end it with.
//
// The last lines must be the completion comment and nothing but blanks, comments and the \unrestrict line
// after it; a dump that began with \restrict (since 15.14 and its sisters) must also give back its key.
// The same words inside a row or a function count for nothing, because more would follow them.
#pragma once

#include <memory>

#include "baktainer/stream.hpp"

namespace bkt::postgres {

enum class PlainKind { database, globals };

std::unique_ptr<Tap> plain_format_tap(PlainKind kind);

}  // namespace bkt::postgres
