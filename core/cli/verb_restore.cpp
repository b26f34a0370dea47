#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/cli/verbs.hpp"
#include "core/run/restore_run.hpp"

namespace bkt::cli {

namespace {

using base::Exit;

struct RestoreWish {
    std::string id, database, store;
    run::RestoreOptions options;
};

Exit restore(Session& session, RestoreWish wish) {
    auto& console = session.console();
    const auto colon = wish.database.find(':');
    wish.options.database = wish.database.substr(0, colon);
    if (colon != std::string::npos) wish.options.into_database = wish.database.substr(colon + 1);
    if (wish.options.to == "file:")
        return console.fail(
            {Code::invalid, "--to file: names no folder", "write --to file:/some/folder"});
    auto context = session.context();
    if (!context) return console.fail(context.error());
    auto catalog = (*context)->catalog();
    if (!catalog) return console.fail(catalog.error());
    auto entries = (*catalog)->find(wish.id);
    if (!entries) return console.fail(entries.error());
    if (!wish.store.empty())
        std::erase_if(*entries, [&](const auto& e) { return e.store != wish.store; });
    if (entries->empty())
        return console.fail({Code::not_found,
                             "backup '" + wish.id + "' is not in store '" + wish.store + "'",
                             "`baktainer show " + wish.id + "` says where it is"});
    const auto outcome = run::restore(**context, entries->front(), wish.options);
    (*context)->observer().settle();
    if (!outcome) {
        const Exit exit = base::exit_for(outcome.error().code);
        console.object(
            {{"message_type", "summary"}, {"ok", false}, {"exit_code", static_cast<int>(exit)}});
        return exit;
    }
    if (!outcome->safety_backup.empty())
        console.note("the state before is backup " + outcome->safety_backup);
    if (outcome->nothing_to_save)
        console.note("no safety backup was taken: the server had nothing of it to save");
    console.object({{"message_type", "summary"},
                    {"ok", true},
                    {"to", outcome->where},
                    {"safety_backup", outcome->safety_backup},
                    {"nothing_to_save", outcome->nothing_to_save},
                    {"plain_bytes", outcome->plain_bytes},
                    {"exit_code", 0}});
    return Exit::ok;
}

}  // namespace

void add_restore(CLI::App& app, Action& action) {
    auto* verb = app.add_subcommand(
        "restore", "Restore a backup, by default into a new container beside the old one");
    auto wish = std::make_shared<RestoreWish>();
    verb->add_option("ID", wish->id, "A backup's id, or a target's or job's name for its newest")
        ->required();
    verb->add_option("--to", wish->options.to,
                     "new-container (default), file:DIR, or a target's name to restore in place");
    verb->add_option("--database", wish->database, "Only database A, or A:B to restore it as B");
    verb->add_option("--part", wish->options.part, "Only this part");
    verb->add_option("--store", wish->store, "Read from this store, when several have it");
    verb->add_flag("--confirm", wish->options.confirmed,
                   "Allow replacing what an existing target holds; a safety backup is taken first");
    verb->footer(
        "Examples:\n  baktainer restore shop.db\n  baktainer restore k3v7qpxw2m4a --to "
        "file:/tmp/restored\n  baktainer restore k3v7 --to shop.db --confirm");
    verb->callback([&action, wish] { action = [wish](Session& s) { return restore(s, *wish); }; });
}

}  // namespace bkt::cli
