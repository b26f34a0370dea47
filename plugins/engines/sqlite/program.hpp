// program.hpp: the program that is brought to databases in containers without sqlite3; beside/ has its sources.
#pragma once

#include <string_view>

namespace bkt::sqlite {

// A static executable of this build's architecture.
std::string_view program_bytes();

}  // namespace bkt::sqlite
