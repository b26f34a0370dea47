#include <CLI/CLI.hpp>
#include <memory>

#include "core/cli/verbs.hpp"
#include "core/config/label_example.hpp"
#include "core/config/label_table.hpp"

namespace bkt::cli {

namespace {

using base::Exit;

std::string words_of(const CLI::App& app) {
    std::string words;
    for (const auto* sub : app.get_subcommands({})) words += sub->get_name() + " ";
    for (const auto* option : app.get_options())
        for (const auto& name : option->get_lnames()) words += "--" + name + " ";
    return words;
}

// What may stand where the inner verb takes one word of a table.
std::string table_words(const std::string& verb, const std::string& inner) {
    std::string words;
    if (verb == "labels" && inner == "explain")
        for (const auto& row : config::kLabels) words += std::string(row.key) + " ";
    if (verb == "labels" && inner == "example")
        for (const auto engine : config::example_engines()) words += std::string(engine) + " ";
    return words;
}

// One case a verb, from the same objects that parse the command line.
std::string bash_script(const CLI::App& root) {
    std::string cases;
    for (const auto* verb : root.get_subcommands({})) {
        for (const auto* inner : verb->get_subcommands({}))
            cases += "        '" + verb->get_name() + " " + inner->get_name() + "') words='" +
                     words_of(*inner) + table_words(verb->get_name(), inner->get_name()) + "';;\n";
        cases += "        '" + verb->get_name() + " '*|'" + verb->get_name() + "') words='" +
                 words_of(*verb) + "';;\n";
    }
    return "_baktainer() {\n    local verbs='' words='' w\n    for w in "
           "\"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n        case $w in -*) ;; *) "
           "verbs=\"${verbs:+$verbs }$w\";; esac\n    done\n"
           "    case $verbs in\n        '') words='" +
           words_of(root) + "';;\n" + cases +
           "    esac\n    COMPREPLY=($(compgen -W \"$words\" -- "
           "\"${COMP_WORDS[COMP_CWORD]}\"))\n}\ncomplete -F _baktainer baktainer\n";
}

std::string fish_script(const CLI::App& root) {
    std::string text = "complete -c baktainer -f\n";
    for (const auto* verb : root.get_subcommands({})) {
        text += "complete -c baktainer -n __fish_use_subcommand -a " + verb->get_name() + "\n";
        for (const auto* inner : verb->get_subcommands({}))
            text += "complete -c baktainer -n '__fish_seen_subcommand_from " + verb->get_name() +
                    "' -a " + inner->get_name() + "\n";
        for (const auto* option : verb->get_options())
            for (const auto& name : option->get_lnames())
                text += "complete -c baktainer -n '__fish_seen_subcommand_from " +
                        verb->get_name() + "' -l " + name + "\n";
    }
    return text;
}

}  // namespace

void add_completion(CLI::App& app, Action& action) {
    auto* verb = app.add_subcommand("completion", "Print a completion script for a shell");
    auto shell = std::make_shared<std::string>();
    verb->add_option("SHELL", *shell, "bash, zsh or fish")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    verb->footer("Example:\n  baktainer completion bash > /etc/bash_completion.d/baktainer");
    verb->callback([&action, &app, shell] {
        action = [&app, shell](Session& session) {
            const std::string zsh = "autoload -U +X bashcompinit && bashcompinit\n";
            session.console().line(*shell == "fish"
                                       ? fish_script(app)
                                       : (*shell == "zsh" ? zsh : "") + bash_script(app));
            return Exit::ok;
        };
    });
}

}  // namespace bkt::cli
