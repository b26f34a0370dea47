#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/cli/table.hpp"
#include "core/cli/verbs.hpp"

namespace bkt::cli {

namespace {

using base::Exit;

// Options of named blocks are the plugins' business; what looks like a secret is not shown.
// The address of a chat's hook is as good as its password.
std::string shown(const std::string& key, const std::string& value) {
    if (key.starts_with("notifiers.") && key.ends_with(".url")) return "***";
    const auto from = key.starts_with("secrets.") ? key.rfind('.') : 0;
    for (const char* word : {"password", "secret", "token", "passphrase", "access_key"})
        if (key.find(word, from) != std::string::npos) return "***";
    return value;
}

Exit show(Session& session, bool origin) {
    auto settings = session.settings();
    if (!settings) return session.console().fail(settings.error());
    Table table(origin ? std::vector<std::string>{"KEY", "VALUE", "FROM"}
                       : std::vector<std::string>{"KEY", "VALUE"});
    const auto add = [&](const std::string& key, const config::Value& value) {
        const auto text = shown(key, value.text);
        if (origin) table.row({key, text, value.origin});
        else table.row({key, text});
        session.console().object({{"key", key}, {"value", text}, {"origin", value.origin}});
    };
    for (const auto& [key, value] : settings->values) add(key, value);
    for (const auto& [what, blocks] :
         {std::pair{"discovery", &settings->discovery}, std::pair{"stores", &settings->stores},
          std::pair{"notifiers", &settings->notifiers}, std::pair{"secrets", &settings->secrets}})
        for (const auto& [name, block] : *blocks) {
            const std::string prefix = std::string(what) + "." + name + ".";
            add(prefix + "type", {block.type, block.origin.empty() ? "default" : block.origin});
            for (const auto& [key, value] : block.options) add(prefix + key, value);
        }
    for (const auto& [key, value] : settings->defaults) add("defaults." + key, value);
    for (const auto& [id, use] : settings->plugins) {
        const auto prefix = "plugins.use." + id + ".";
        if (!use.trust.text.empty()) add(prefix + "trust", use.trust);
        add(prefix + "isolation", use.isolation);
        std::string list;
        for (const auto& one : use.experimental) list += (list.empty() ? "" : ",") + one;
        if (!list.empty()) add(prefix + "experimental", {list, use.origin});
    }
    session.console().line(table.text());
    return Exit::ok;
}

Exit check(Session& session) {
    auto context = session.context();  // plugins too: a store of an unknown type is a mistake
    if (!context) return session.console().fail(context.error());
    for (const auto& [id, use] : (*context)->settings().plugins)
        if (const auto why = (*context)->registry().why_not(id))
            return session.console().fail({Code::invalid, why->message, why->hint});
    for (const auto& [name, block] : (*context)->settings().stores)
        if (auto store = (*context)->store(name); !store)
            return session.console().fail(
                {Code::invalid, store.error().message, store.error().hint});
    for (const auto& [name, block] : (*context)->settings().discovery)
        if (auto source = (*context)->source(name); !source)
            return session.console().fail(
                {Code::invalid, source.error().message, source.error().hint});
    for (const auto& [name, block] : (*context)->settings().notifiers)
        if (auto notifier =
                report::open_notifier(name, block, (*context)->registry(), (*context)->scope());
            !notifier)
            return session.console().fail(
                {Code::invalid, notifier.error().message, notifier.error().hint});
    for (const auto& [name, block] : (*context)->settings().secrets)
        if (auto provider = (*context)->secret_provider(name); !provider)
            return session.console().fail(
                {Code::invalid, provider.error().message, provider.error().hint});
    std::string files;
    for (const auto& file : (*context)->settings().files)
        files += (files.empty() ? "" : ", ") + file;
    session.console().line("the configuration is valid: " +
                           (files.empty() ? "no file, defaults and environment" : files));
    session.console().object(
        {{"message_type", "summary"}, {"valid", true}, {"files", (*context)->settings().files}});
    return Exit::ok;
}

}  // namespace

void add_config(CLI::App& app, Action& action) {
    auto* verb = app.add_subcommand("config", "Check or show the configuration");
    verb->require_subcommand(1);
    verb->add_subcommand(
            "check",
            "Validate it: unknown keys, bad values, stores, sources, notifiers and secrets "
            "providers that cannot be opened")
        ->callback([&action] { action = check; });
    auto* inner = verb->add_subcommand("show", "Print every setting in force");
    auto origin = std::make_shared<bool>(false);
    inner->add_flag("--origin", *origin, "Say where each value came from");
    inner->callback(
        [&action, origin] { action = [origin](Session& s) { return show(s, *origin); }; });
}

}  // namespace bkt::cli
