#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/cli/verbs.hpp"
#include "core/plugin/new_project.hpp"

namespace bkt::cli {

namespace {

using base::Exit;

Exit write_new(Session& session, const plugin::NewProject& wish) {
    auto& console = session.console();
    const auto project = plugin::write_project(plugin::templates_dir(), wish);
    if (!project) return console.fail(project.error());
    for (const auto& file : project->files) console.line(project->dir + "/" + file);
    console.line("\nnext: cmake -S " + project->dir + " -B " + project->dir +
                 "/build && cmake --build " + project->dir + "/build && ctest --test-dir " +
                 project->dir + "/build");
    console.object({{"message_type", "plugin_project"},
                    {"id", wish.id},
                    {"kind", wish.kind},
                    {"dir", project->dir},
                    {"files", project->files}});
    return Exit::ok;
}

}  // namespace

void add_plugin_new(CLI::App& plugin, Action& action) {
    auto* verb = plugin.add_subcommand("new", "Write the first files of a plugin of your own");
    auto wish = std::make_shared<plugin::NewProject>();
    verb->add_option("KIND", wish->kind,
                     "engine, storage, notifier, discovery, hook, secrets or transform")
        ->required();
    verb->add_option("ID", wish->id, "Your domain backwards, then a name: com.example.pager")
        ->required();
    verb->add_option("--lang", wish->lang, "cpp, or c")->default_str("cpp");
    verb->add_option("--dir", wish->dir, "Folder to make (default: the id's last word)");
    verb->footer("Example:\n  baktainer plugin new notifier com.example.pager");
    verb->callback([&action, wish] {
        action = [wish](Session& session) { return write_new(session, *wish); };
    });
}

}  // namespace bkt::cli
