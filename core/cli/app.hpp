// cli/app.hpp: the command line as a whole.
#pragma once

namespace bkt::cli {

// Parses, runs one verb, returns the exit code (base/exit_code.hpp). Throws nothing.
int run_app(int argc, char** argv) noexcept;

}  // namespace bkt::cli
