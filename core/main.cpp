// The one place that composes: everything below is handed what it needs.
#include <sys/prctl.h>
#include <sys/resource.h>

#include "core/cli/app.hpp"
#include "core/plugin/services/http_library.hpp"

int main(int argc, char** argv) {
    // Passwords pass through this process: no core file, and no other process of this user reads its memory.
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::prctl(PR_SET_DUMPABLE, 0);
    const bkt::plugin::HttpLibrary http;  // before any thread
    return bkt::cli::run_app(argc, argv);
}
