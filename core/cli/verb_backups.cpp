#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/archive/restore_txt.hpp"
#include "core/base/units.hpp"
#include "core/catalog/rescan.hpp"
#include "core/cli/table.hpp"
#include "core/cli/verbs.hpp"

namespace bkt::cli {

namespace {

using base::Exit;
using Json = nlohmann::ordered_json;

std::string age_of(const std::string& time) {
    const auto parsed = base::parse_rfc3339(time);
    return parsed ? base::human_age(base::now() - *parsed) : time;
}

std::string check_of(const catalog::Entry& e) {
    return e.verified_at.empty()      ? "not verified"
           : e.verify_outcome == "ok" ? "whole, " + age_of(e.verified_at)
                                      : "NOT WHOLE, " + age_of(e.verified_at);
}

Json entry_json(const catalog::Entry& e) {
    return {{"id", e.id},
            {"target", e.target},
            {"job", e.job},
            {"engine", e.engine},
            {"created", e.created},
            {"store", e.store},
            {"folder", e.folder},
            {"parts", e.parts},
            {"plain_bytes", e.plain_bytes},
            {"stored_bytes", e.stored_bytes},
            {"verified_at", e.verified_at},
            {"verify_outcome", e.verify_outcome}};
}

struct BackupsWish {
    std::string target, store, since;
};

Exit list(Session& session, const BackupsWish& wish) {
    auto context = session.context();
    if (!context) return session.console().fail(context.error());
    catalog::Filter filter{wish.target, wish.store, ""};
    if (!wish.since.empty()) {
        if (const auto age = base::parse_duration(wish.since))
            filter.since = base::rfc3339(base::now() - *age);
        else if (base::parse_rfc3339(wish.since)) filter.since = wish.since;
        else
            return session.console().fail({Code::invalid,
                                           "'" + wish.since + "' is neither an age nor a time",
                                           "write --since 7d or --since 2026-11-24T00:00:00Z"});
    }
    auto catalog = (*context)->catalog();
    if (!catalog) return session.console().fail(catalog.error());
    const auto entries = (*catalog)->list(filter);
    if (!entries) return session.console().fail(entries.error());
    Table table({"ID", "TARGET", "MADE", "SIZE", "STORED", "STORE", "VERIFIED"});
    for (const auto& e : *entries) {
        table.row({e.id, e.job == "default" ? e.target : e.target + "." + e.job, age_of(e.created),
                   base::human_size(e.plain_bytes), base::human_size(e.stored_bytes), e.store,
                   check_of(e)});
        session.console().object(entry_json(e));
    }
    if (!entries->empty()) session.console().line(table.text());
    else session.console().note("no backups");
    return Exit::ok;
}

Exit show(Session& session, const std::string& id) {
    auto& console = session.console();
    auto context = session.context();
    if (!context) return console.fail(context.error());
    auto catalog = (*context)->catalog();
    if (!catalog) return console.fail(catalog.error());
    const auto entries = (*catalog)->find(id);
    if (!entries) return console.fail(entries.error());
    const auto& first = entries->front();
    auto store = (*context)->store(first.store);
    if (!store) return console.fail(store.error());
    const auto manifest = catalog::read_manifest(**store, first.folder, (*context)->scope());
    if (!manifest) return console.fail(manifest.error());
    const auto& m = *manifest;
    console.line("backup " + m.id + "\n  target       " + m.target.name +
                 (m.job == "default" ? "" : ", job " + m.job) + "\n  made         " +
                 base::rfc3339(m.created) + " (" + age_of(first.created) + "), took " +
                 base::human_duration(std::chrono::milliseconds(m.duration_ms)) +
                 "\n  engine       " + m.engine + "\n  consistency  " + m.consistency +
                 (m.target.image.empty()
                      ? ""
                      : "\n  image        " + m.target.image + " " + m.target.image_digest));
    for (const auto& [key, value] : m.facts)
        console.line("  " + key + std::string(key.size() < 11 ? 11 - key.size() : 0, ' ') + "  " +
                     value);
    for (const auto& e : *entries)
        console.line("  in store     " + e.store + ": " + e.folder + " (" + check_of(e) + ")");
    Table table({"  PART", "SIZE", "STORED", "SHA-256 (plain)"});
    for (const auto& part : m.parts)
        table.row({"  " + part.name, base::human_size(part.plain.size_bytes),
                   base::human_size(part.stored.size_bytes), part.plain.sha256});
    console.line(table.text() + "\nrestore it: baktainer restore " + m.id +
                 "    without Baktainer: see " + std::string(archive::kRestoreName) + " beside it");
    auto j = Json::parse(archive::to_json(m));
    j["stores"] = Json::array();
    for (const auto& e : *entries)
        j["stores"].push_back({{"store", e.store},
                               {"folder", e.folder},
                               {"verified_at", e.verified_at},
                               {"verify_outcome", e.verify_outcome}});
    console.object(j);
    return Exit::ok;
}

}  // namespace

void add_backups(CLI::App& app, Action& action) {
    auto* verb = app.add_subcommand("backups", "List the backups there are");
    auto wish = std::make_shared<BackupsWish>();
    verb->add_option("--target", wish->target, "Only of this target");
    verb->add_option("--store", wish->store, "Only in this store");
    verb->add_option("--since", wish->since, "Only younger than an age (7d) or a time");
    verb->callback([&action, wish] { action = [wish](Session& s) { return list(s, *wish); }; });
}

void add_show(CLI::App& app, Action& action) {
    auto* verb = app.add_subcommand("show", "Show one backup: parts, digests, where it lies");
    auto id = std::make_shared<std::string>();
    verb->add_option("ID", *id,
                     "A backup's id, its first four or more letters, or a target's or job's name "
                     "for its newest")
        ->required();
    verb->callback([&action, id] { action = [id](Session& s) { return show(s, *id); }; });
}

}  // namespace bkt::cli
