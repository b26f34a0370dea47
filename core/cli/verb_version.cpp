#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "baktainer/abi/abi.h"
#include "core/cli/verbs.hpp"

namespace bkt::cli {

void add_version(CLI::App& app, Action& action) {
    app.add_subcommand("version", "Print the version")->callback([&action] {
        action = [](Session& session) {
            session.console().line("baktainer " BAKTAINER_VERSION " (plugin ABI 0." +
                                   std::to_string(BKT_ABI_MINOR) + ")");
            session.console().object(
                {{"version", BAKTAINER_VERSION}, {"abi_major", 0}, {"abi_minor", BKT_ABI_MINOR}});
            return base::Exit::ok;
        };
    });
}

}  // namespace bkt::cli
