// baktainer-plugin-host: the process plugins run in that do not run in Baktainer's own.
#include <cstdio>
#include <exception>
#include <string_view>

#include "core/plugin_host/check.hpp"
#include "core/plugin_host/describe.hpp"
#include "core/plugin_host/probe.hpp"
#include "core/plugin_host/server.hpp"

namespace {

constexpr const char* kHelp =
    "baktainer-plugin-host: a helper of baktainer; not meant to be called by people\n\n"
    "  --serve                              run a plugin for the Baktainer that started this\n"
    "  --check                              run one case of baktainer plugin check\n"
    "  --sandbox                            say what keeps plugins in on this machine\n"
    "  --describe LIBRARY [--output FILE]   print the plugin.json of a plugin's library\n";

constexpr int kSocket = 3;  // by which Baktainer speaks with a worker

int run(int argc, char** argv) {
    const std::string_view verb = argc > 1 ? argv[1] : "";
    if (verb == "--serve" && argc == 2) bkt::plugin_host::Server(bkt::UniqueFd(kSocket)).serve();
    if (verb == "--check" && argc == 2) return bkt::plugin_host::check(bkt::UniqueFd(kSocket));
    if (verb == "--sandbox" && argc == 2) return bkt::plugin_host::probe(bkt::UniqueFd(kSocket));
    if (verb == "--describe" && argc == 3) return bkt::plugin_host::describe(argv[2], "");
    if (verb == "--describe" && argc == 5 && std::string_view(argv[3]) == "--output")
        return bkt::plugin_host::describe(argv[2], argv[4]);
    std::fputs(kHelp, verb == "--help" ? stdout : stderr);
    return verb == "--help" ? 0 : 2;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "baktainer-plugin-host: %s\n", e.what());
        return 1;
    }
}
