#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "core/catalog/rescan.hpp"
#include "core/cli/verbs.hpp"

namespace bkt::cli {

namespace {

using base::Exit;

Exit rescan(Session& session) {
    auto& console = session.console();
    auto context = session.context();
    if (!context) return console.fail(context.error());
    auto catalog = (*context)->catalog();
    if (!catalog) return console.fail(catalog.error());
    unsigned ok = 0, failed = 0, damaged = 0;
    for (const auto& [name, block] : (*context)->settings().stores) {
        auto store = (*context)->store(name);
        auto scan = store ? catalog::scan_store(**store, (*context)->scope())
                          : Result<catalog::Scan>(store.error());
        auto done = scan ? (*catalog)->replace_store(name, scan->entries) : Status(scan.error());
        if (!done) {
            console.event(
                {"store.unreachable",
                 {{"store", name}, {"reason", done.error().message}, {"hint", done.error().hint}}});
            ++failed;
            continue;
        }
        ++ok;
        for (const auto& problem : scan->damaged) {
            console.note("warning: " + problem.message +
                         (problem.hint.empty() ? "" : "\n  hint: " + problem.hint));
            ++damaged;
        }
        console.line("store '" + name + "': " + std::to_string(scan->entries.size()) +
                     (scan->entries.size() == 1 ? " backup" : " backups"));
        console.object({{"message_type", "store"},
                        {"store", name},
                        {"backups", scan->entries.size()},
                        {"damaged", scan->damaged.size()}});
    }
    const Exit exit = damaged       ? Exit::mismatch
                      : failed == 0 ? Exit::ok
                      : ok          ? Exit::partial
                                    : Exit::failed;
    console.object({{"message_type", "summary"},
                    {"stores", ok},
                    {"failed", failed},
                    {"damaged", damaged},
                    {"exit_code", static_cast<int>(exit)}});
    return exit;
}

}  // namespace

void add_catalog(CLI::App& app, Action& action) {
    auto* verb = app.add_subcommand("catalog", "The cache of what lies in the stores");
    verb->require_subcommand(1);
    verb->add_subcommand("rescan", "Rebuild the catalogue from the stores' manifests")
        ->callback([&action] { action = rescan; });
}

}  // namespace bkt::cli
