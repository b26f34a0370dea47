// validator.hpp: proves a part to be a whole SQLite database.
//
// While dumping, the header must match the bytes that came (the copy was checked before it was sent).
// When verifying stored bytes, they are spooled to disk and SQLite checks every page.
#pragma once

#include <memory>

#include "baktainer/stream.hpp"

namespace bkt::sqlite {

std::unique_ptr<Tap> header_tap();
// `path`: a file the tap makes and removes.
std::unique_ptr<Tap> integrity_tap(std::string path);

}  // namespace bkt::sqlite
