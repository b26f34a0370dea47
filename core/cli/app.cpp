#include "core/cli/app.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>

#include "core/cli/verbs.hpp"

namespace bkt::cli {

namespace {

using base::Exit;

void add_globals(CLI::App& app, Options& options) {
    app.add_option("--config", options.config,
                   "Configuration file (default: /etc/baktainer/baktainer.yaml or "
                   "$XDG_CONFIG_HOME, none is fine)");
    app.add_option("--output", options.output,
                   "text for people, json for programs (one object a line)")
        ->check(CLI::IsMember({"text", "json"}))
        ->default_str("text");
    app.add_flag(
        "-v,--verbose", [&options](std::int64_t n) { options.verbose = static_cast<int>(n); },
        "Log more; -vv everything");
    app.add_flag("-q,--quiet", options.quiet, "Only errors");
    app.add_flag(
        "--dev", options.dev,
        "For plugin authors: also take plugins from $BAKTAINER_PLUGIN_PATH (never as root)");
    app.add_flag("--no-color", options.no_color, "No colours (also: NO_COLOR)");
}

std::string exit_codes() {
    std::string text = "Exit codes:\n";
    for (const auto& row : base::kExitCodes) {
        const auto number = std::to_string(static_cast<int>(row.code));
        text +=
            "  " + number + std::string(5 - number.size(), ' ') + std::string(row.meaning) + "\n";
    }
    return text;
}

int usage_error(const CLI::App& app, const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help
    std::fprintf(stderr,
                 "baktainer: %s\n  hint: `baktainer --help` lists the commands, `baktainer COMMAND "
                 "--help` its options\n",
                 error.what());
    return static_cast<int>(Exit::usage);
}

int run(int argc, char** argv) {
    Options options;
    options.output = "text";
    const auto environment = config::process_environment();
    options.no_color = environment.count("NO_COLOR") > 0;
    CLI::App app("Keeps backups of container databases that are proven to restore.", "baktainer");
    app.fallthrough();  // global flags before or after the verb
    add_globals(app, options);
    Action action;
    for (const auto add :
         {add_backup, add_targets, add_backups, add_show, add_verify, add_restore, add_catalog,
          add_labels, add_config, add_doctor, add_plugin, add_version, add_completion})
        add(app, action);
    bool now = false;
    app.add_flag("-N,--now", now, "The old spelling of `backup --all`");
    app.require_subcommand(0, 1);
    app.footer(exit_codes());
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return usage_error(app, error);
    }
    if (!action && now) action = backup_all;
    if (!action) {
        std::fputs(app.help().c_str(), stdout);
        return static_cast<int>(Exit::usage);
    }
    Console console(options);
    Session session(options, console);
    return static_cast<int>(action(session));
}

}  // namespace

int run_app(int argc, char** argv) noexcept {
    try {
        return run(argc, argv);
    } catch (const std::exception& e) {
        std::fprintf(stderr,
                     "baktainer: a bug in Baktainer: %s\n  hint: please report it with the command "
                     "you ran\n",
                     e.what());
        return static_cast<int>(Exit::failed);
    }
}

}  // namespace bkt::cli
