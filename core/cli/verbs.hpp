// cli/verbs.hpp: the verbs, one a file. Each adds itself to the command line and says what to run.
#pragma once

#include <functional>

#include "core/base/exit_code.hpp"
#include "core/cli/session.hpp"

namespace CLI {
class App;
}

namespace bkt::cli {

// What the command line asked for; set by the verb that was named.
using Action = std::function<base::Exit(Session&)>;

void add_backup(CLI::App& app, Action& action);
void add_targets(CLI::App& app, Action& action);
void add_backups(CLI::App& app, Action& action);
void add_show(CLI::App& app, Action& action);
void add_verify(CLI::App& app, Action& action);
void add_restore(CLI::App& app, Action& action);
void add_catalog(CLI::App& app, Action& action);
void add_labels(CLI::App& app, Action& action);
void add_config(CLI::App& app, Action& action);
void add_doctor(CLI::App& app, Action& action);
void add_plugin(CLI::App& app, Action& action);
void add_version(CLI::App& app, Action& action);
void add_completion(CLI::App& app, Action& action);

// The verbs below `plugin`.
void add_plugin_list(CLI::App& verb, Action& action);
void add_plugin_info(CLI::App& verb, Action& action);
void add_plugin_check(CLI::App& verb, Action& action);
void add_plugin_trust(CLI::App& verb, Action& action);
void add_plugin_reset(CLI::App& verb, Action& action);
void add_plugin_new(CLI::App& verb, Action& action);

// The verb `check` below `labels`.
void add_labels_check(CLI::App& verb, Action& action);

// `baktainer --now`, the origin's spelling of `backup --all`.
base::Exit backup_all(Session& session);

}  // namespace bkt::cli
