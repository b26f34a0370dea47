#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/cli/verbs.hpp"
#include "core/run/verify_run.hpp"

namespace bkt::cli {

namespace {

using base::Exit;

struct VerifyWish {
    std::vector<std::string> ids;
    bool all = false;
};

Result<std::vector<catalog::Entry>> entries_of(run::Context& context, const VerifyWish& wish) {
    BKT_LET(catalog::Catalog * catalog, context.catalog());
    if (wish.all) return catalog->list({});
    std::vector<catalog::Entry> entries;
    for (const auto& id : wish.ids) {
        BKT_LET(auto found, catalog->find(id));
        entries.insert(entries.end(), found.begin(), found.end());
    }
    return entries;
}

Exit verify(Session& session, const VerifyWish& wish) {
    auto& console = session.console();
    if (!wish.all && wish.ids.empty())
        return console.fail(
            {Code::invalid, "name a backup, or say --all", "`baktainer backups` lists them"});
    auto context = session.context();
    if (!context) return console.fail(context.error());
    const auto entries = entries_of(**context, wish);
    if (!entries) return console.fail(entries.error());
    if (entries->empty())
        return console.fail({Code::not_found, "there are no backups to verify",
                             "make one with `baktainer backup --all`"});
    unsigned ok = 0, damaged = 0, failed = 0;
    for (const auto& entry : *entries) {
        if ((*context)->cancel().requested()) break;
        const auto done = run::verify(**context, entry);
        if (done) ++ok;
        // A part that is gone is as much a difference as one that changed.
        else if (done.error().code == Code::corrupt || done.error().code == Code::truncated ||
                 done.error().code == Code::not_found)
            ++damaged;
        else ++failed;
    }
    (*context)->observer().settle();
    const Exit exit = (*context)->cancel().requested() ? Exit::interrupted
                      : damaged                        ? Exit::mismatch
                      : failed == 0                    ? Exit::ok
                      : ok                             ? Exit::partial
                                                       : Exit::failed;
    console.object({{"message_type", "summary"},
                    {"ok", ok},
                    {"damaged", damaged},
                    {"failed", failed},
                    {"exit_code", static_cast<int>(exit)}});
    return exit;
}

}  // namespace

void add_verify(CLI::App& app, Action& action) {
    auto* verb = app.add_subcommand("verify", "Read stored backups back and check every byte");
    auto wish = std::make_shared<VerifyWish>();
    verb->add_option("ID", wish->ids,
                     "Backups to verify; a target's or job's name means its newest");
    verb->add_flag("--all", wish->all, "Every backup in every store");
    verb->footer("Exit code 13 means a stored backup is not what was stored; the part is named.");
    verb->callback([&action, wish] { action = [wish](Session& s) { return verify(s, *wish); }; });
}

}  // namespace bkt::cli
