#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/cli/table.hpp"
#include "core/cli/verbs.hpp"
#include "core/config/label_example.hpp"
#include "core/config/label_words.hpp"

namespace bkt::cli {

namespace {

using base::Exit;
using config::LabelRow;
using Json = nlohmann::ordered_json;

Json row_json(const LabelRow& row) {
    return {{"key", row.key},
            {"type", config::type_words(row)},
            {"bounds", config::bounds_words(row)},
            {"unit", row.unit},
            {"default", row.fallback},
            {"engines", config::engines_words(row)},
            {"old_spellings", config::old_words(row)},
            {"in_this_version", !row.later},
            {"help", row.help},
            {"example", "baktainer." + std::string(row.key) + "=" + std::string(row.example)}};
}

std::string first_sentence(std::string_view text) {
    const auto end = text.find(". ");
    return std::string(text.substr(0, end == text.npos ? text.npos : end + 1));
}

Exit explain_all(Console& console) {
    Table table({"KEY", "TYPE", "BOUNDS", "DEFAULT", "ENGINES", "SAYS"});
    for (const auto& row : config::kLabels) {
        table.row({std::string(row.key), config::type_words(row), config::bounds_words(row),
                   std::string(row.fallback), config::engines_words(row),
                   (row.later ? "(not in this version) " : "") + first_sentence(row.help)});
        console.object(row_json(row));
    }
    console.line(table.text() +
                 "\n\nAs label: baktainer.<key>=<value>; for one of several jobs "
                 "baktainer.job.<id>.<key>.\n`baktainer labels explain KEY` says more of one.");
    return Exit::ok;
}

// "baktainer.job.nightly.db.name", "baktainer.db.name" and "db.name" are one key.
std::string key_of(std::string_view word) {
    constexpr std::string_view kPrefix = "baktainer.", kJob = "job.";
    if (word.starts_with(kPrefix)) word.remove_prefix(kPrefix.size());
    if (word.starts_with(kJob))
        if (const auto dot = word.find('.', kJob.size()); dot != word.npos)
            word.remove_prefix(dot + 1);
    return std::string(word);
}

Exit explain_one(Console& console, const std::string& word) {
    const auto key = key_of(word);
    const LabelRow* row = config::find_label(key);
    if (!row) {
        const std::string near(config::nearest_label(key));
        return console.fail({Code::not_found, "no label '" + word + "'",
                             near.empty() ? "`baktainer labels explain` lists all of them"
                                          : "did you mean '" + near + "'?"});
    }
    std::string old;
    for (const auto& words : config::old_words(*row)) old += (old.empty() ? "" : ", ") + words;
    Table table({"baktainer." + std::string(row->key)});
    const auto say = [&](const char* what, const std::string& text) {
        if (!text.empty()) table.row({std::string("  ") + what, text});
    };
    say("type", config::type_words(*row));
    say("bounds", config::bounds_words(*row));
    say("default", std::string(row->fallback));
    say("engines", config::engines_words(*row));
    say("older spellings", old);
    say("example", "baktainer." + std::string(row->key) + "=" + std::string(row->example));
    // The head is no column: its length must not push the values away.
    const auto text = table.text();
    console.line(text.substr(0, text.find('\n') + 1) + "  " + std::string(row->help) +
                 (row->later ? "\n  Not in this version: checked, but without effect." : "") +
                 text.substr(text.find('\n')));
    console.object(row_json(*row));
    return Exit::ok;
}

Exit example(Console& console, const std::string& engine) {
    const auto text = config::label_example(engine);
    if (!text) return console.fail(text.error());
    console.line(text->substr(0, text->find_last_not_of('\n') + 1));
    console.object({{"engine", config::engine_name(engine)}, {"compose", *text}});
    return Exit::ok;
}

std::string joined_engines() {
    std::string text;
    for (const auto name : config::example_engines())
        text += (text.empty() ? "" : ", ") + std::string(name);
    return text;
}

}  // namespace

void add_labels(CLI::App& app, Action& action) {
    auto* verb = app.add_subcommand("labels", "What labels say, and whether yours are right");
    verb->require_subcommand(1);
    auto* explain = verb->add_subcommand("explain", "List every label, or say all about one");
    auto key = std::make_shared<std::string>();
    explain->add_option("KEY", *key, "With or without 'baktainer.', older spellings too");
    explain->callback([&action, key] {
        action = [key](Session& s) {
            return key->empty() ? explain_all(s.console()) : explain_one(s.console(), *key);
        };
    });
    auto* inner = verb->add_subcommand("example", "Print a compose file to start from");
    auto engine = std::make_shared<std::string>();
    inner->add_option("ENGINE", *engine, joined_engines())->required();
    inner->callback([&action, engine] {
        action = [engine](Session& s) { return example(s.console(), *engine); };
    });
    add_labels_check(*verb, action);
}

}  // namespace bkt::cli
