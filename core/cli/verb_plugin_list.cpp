// `plugin list` and `plugin info`: what is there, seen from files alone. Neither loads anything.
#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/cli/plugins.hpp"
#include "core/cli/table.hpp"
#include "core/cli/verbs.hpp"

namespace bkt::cli {

namespace {

using base::Exit;
using plugin::Admission;
using plugin::State;

std::string short_kind(const std::string& kind) {
    return kind.starts_with("bkt.") ? kind.substr(4, kind.find('/') - 4)
                                    : kind.substr(0, kind.find('/'));
}

std::string offers(const Admission& a) {
    std::string text;
    for (const auto& c : a.manifest.components)
        text += (text.empty() ? "" : ", ") + short_kind(c.kind) + "/" + c.name;
    return text;
}

std::string trust_of(const Admission& a) { return std::string(plugin::trust_name(a.trust)); }
std::string where(const Admission& a) {
    return a.state == State::off ? "-" : std::string(plugin::isolation_name(a.isolation));
}

// null: it does not run in a worker.
nlohmann::ordered_json sandbox_of(const Result<plugin::worker::Confinement>* found) {
    if (!found) return nullptr;
    nlohmann::ordered_json j{{"level", level_of(*found)}};
    if (!*found) return j["error"] = found->error().message, j;
    j["layers"] = (*found)->layers;
    j["missing"] = (*found)->missing;
    return j;
}

nlohmann::ordered_json object_of(const Admission& a, Confinements& confinements) {
    nlohmann::ordered_json j{{"message_type", "plugin"},
                             {"id", a.manifest.id},
                             {"version", a.manifest.version},
                             {"vendor", a.manifest.vendor},
                             {"components", nlohmann::ordered_json::array()},
                             {"trust", trust_of(a)},
                             {"signed_by", a.key},
                             {"isolation", plugin::isolation_name(a.isolation)},
                             {"sandbox", sandbox_of(confinements.of(a))},
                             {"state", plugin::state_name(a.state)},
                             {"reason", a.why ? a.why->message : ""},
                             {"hint", a.why ? a.why->hint : ""},
                             {"path", a.library},
                             {"sha256", a.manifest.sha256},
                             {"size_bytes", a.manifest.size_bytes},
                             {"needs", a.manifest.needs},
                             {"experimental", a.manifest.experimental}};
    for (const auto& c : a.manifest.components)
        j["components"].push_back({{"kind", c.kind}, {"name", c.name}, {"title", c.title}});
    return j;
}

Exit list_plugins(Session& session) {
    auto& console = session.console();
    auto settings = session.settings();
    if (!settings) return console.fail(settings.error());
    auto dev_path = session.dev_path();
    if (!dev_path) return console.fail(dev_path.error());
    const auto found = survey(*settings, *dev_path);
    Table table({"ID", "VERSION", "OFFERS", "TRUST", "RUNS", "SANDBOX", "STATE", "PATH"});
    Confinements confinements(settings->text("state_dir"));
    for (const auto& a : found.admissions) {
        const auto* kept_in = confinements.of(a);
        table.row({a.manifest.id, a.manifest.version, offers(a), trust_of(a), where(a),
                   kept_in ? level_of(*kept_in) : "-", std::string(plugin::state_name(a.state)),
                   a.library});
        console.object(object_of(a, confinements));
    }
    console.line(table.text());
    for (const auto& problem : found.problems) {
        console.note("warning: " + problem.message +
                     (problem.hint.empty() ? "" : "\n  hint: " + problem.hint));
        console.object({{"message_type", "problem"},
                        {"code", code_name(problem.code)},
                        {"message", problem.message},
                        {"hint", problem.hint}});
    }
    return Exit::ok;
}

void print(Console& console, const Admission& a, const std::vector<plugin::Fault>& faults,
           const Result<plugin::worker::Confinement>* kept_in) {
    Table table({a.manifest.id, a.manifest.version});
    const auto row = [&](const std::string& key, const std::string& value) {
        if (!value.empty()) table.row({key, value});
    };
    row("vendor", a.manifest.vendor);
    for (const auto& c : a.manifest.components)
        row("offers", c.kind + " '" + c.name + "' " + c.title);
    row("state", std::string(plugin::state_name(a.state)));
    if (a.why) row("why", a.why->message), row("remedy", a.why->hint);
    row("trust", trust_of(a) + (a.key.empty() ? "" : ", by " + a.key));
    row("runs", where(a));
    if (kept_in && *kept_in) {
        row("kept in by", joined((*kept_in)->layers));
        for (const auto& layer : (*kept_in)->missing)
            row("without", layer + ": " + plugin::worker::remedy_for(layer));
    } else if (kept_in) {
        row("kept in by", "nothing: " + kept_in->error().message);
        row("remedy", kept_in->error().hint);
    }
    row("library", a.library);
    row("sha256", a.manifest.sha256);
    row("interface", std::to_string(a.manifest.abi_major) + "." +
                         std::to_string(a.manifest.abi_min_minor) + ", " + a.manifest.arch +
                         ", C++ runtime: " + a.manifest.runtime);
    row("needs", joined(a.manifest.needs));
    row("experimental", joined(a.manifest.experimental));
    for (const auto& c : a.manifest.components) {
        if (c.config_schema.empty()) continue;
        const auto schema = nlohmann::json::parse(c.config_schema);
        const auto properties = schema.value("properties", nlohmann::json::object());
        for (const auto& [key, property] : properties.items())
            row("setting",
                key + ": " + (property.is_object() ? property.value("description", "") : ""));
    }
    for (const auto& fault : faults) row("fault", base::rfc3339(fault.time) + " " + fault.what);
    console.line(table.text());
}

Exit info(Session& session, const std::string& id) {
    auto& console = session.console();
    auto settings = session.settings();
    if (!settings) return console.fail(settings.error());
    auto dev_path = session.dev_path();
    if (!dev_path) return console.fail(dev_path.error());
    const auto found = survey(*settings, *dev_path);
    auto one = find_plugin(found, id);
    if (!one) return console.fail(one.error());
    const plugin::Quarantine quarantine(settings->text("state_dir"));
    const auto faults = quarantine.faults(id).value_or({});
    Confinements confinements(settings->text("state_dir"));
    print(console, **one, faults, confinements.of(**one));
    auto object = object_of(**one, confinements);
    object["faults"] = nlohmann::ordered_json::array();
    for (const auto& fault : faults)
        object["faults"].push_back({{"time", base::rfc3339(fault.time)}, {"what", fault.what}});
    console.object(object);
    return Exit::ok;
}

}  // namespace

void add_plugin_list(CLI::App& verb, Action& action) {
    auto* list_verb = verb.add_subcommand("list", "List every plugin that is there, loading none");
    list_verb->footer(
        "TRUST    builtin, signed, pinned, unsigned, or none\n"
        "SANDBOX  what keeps a worker in here: full, or the layers this machine refuses\n"
        "STATE    ready; off: the configuration does not name it; refused, quarantined, shadowed:\n"
        "         `baktainer plugin info ID` says why");
    list_verb->callback([&action] { action = list_plugins; });
}

void add_plugin_info(CLI::App& verb, Action& action) {
    auto* inner = verb.add_subcommand(
        "info", "Show one plugin: what it offers, its settings, why it is not loaded");
    auto id = std::make_shared<std::string>();
    inner->add_option("ID", *id, "The plugin's id, see `baktainer plugin list`")->required();
    inner->callback([&action, id] { action = [id](Session& s) { return info(s, *id); }; });
}

}  // namespace bkt::cli
