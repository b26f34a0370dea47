#include <CLI/CLI.hpp>

#include "core/cli/verbs.hpp"

namespace bkt::cli {

void add_plugin(CLI::App& app, Action& action) {
    auto* verb = app.add_subcommand("plugin", "Write plugins");
    verb->require_subcommand(1);
    add_plugin_new(*verb, action);
}

}  // namespace bkt::cli
