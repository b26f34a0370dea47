#include "plugins/engines/sqlite/program.hpp"

// BKT_SQLITE_PROGRAM is the executable's path.
asm(".section .rodata, \"a\"\n"
    ".balign 16\n"
    "bkt_sqlite_program:\n"
    ".incbin \"" BKT_SQLITE_PROGRAM
    "\"\n"
    "bkt_sqlite_program_end:\n"
    ".byte 0\n"
    ".previous\n");

extern "C" {
extern const char bkt_sqlite_program[] __attribute__((visibility("hidden")));
extern const char bkt_sqlite_program_end[] __attribute__((visibility("hidden")));
}

namespace bkt::sqlite {

std::string_view program_bytes() {
    return {bkt_sqlite_program,
            static_cast<std::size_t>(bkt_sqlite_program_end - bkt_sqlite_program)};
}

}  // namespace bkt::sqlite
