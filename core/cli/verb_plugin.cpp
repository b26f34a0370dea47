#include <CLI/CLI.hpp>

#include "core/cli/verbs.hpp"

namespace bkt::cli {

void add_plugin(CLI::App& app, Action& action) {
    auto* verb = app.add_subcommand("plugin", "See, allow, sign, reset and write plugins");
    verb->require_subcommand(1);
    verb->footer(
        "A plugin is a folder <id>/ with plugin.json and its library, in a folder of "
        "plugins.path,\n"
        "/usr/local/lib/baktainer/plugins, /usr/lib/baktainer/plugins or <state_dir>/plugins.\n"
        "One that did not come with Baktainer runs only when the configuration names it and says\n"
        "why it is trusted:\n"
        "  baktainer plugin list                what is there, and why something is not loaded\n"
        "  baktainer plugin trust com.acme.x    the lines to put into the configuration\n"
        "  baktainer plugin new notifier com.acme.x   the first files of a plugin of your own");
    add_plugin_list(*verb, action);
    add_plugin_info(*verb, action);
    add_plugin_check(*verb, action);
    add_plugin_trust(*verb, action);
    add_plugin_reset(*verb, action);
    add_plugin_new(*verb, action);
}

}  // namespace bkt::cli
