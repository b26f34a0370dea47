#include "core/plugin/instance.hpp"

#include "baktainer/abi/kinds/discovery.h"
#include "baktainer/abi/kinds/engine.h"
#include "core/config/label_table.hpp"
#include "core/config/secret_value.hpp"
#include "core/plugin/config_schema.hpp"
#include "core/plugin/setting_sources.hpp"

namespace bkt::plugin {

namespace {

// Settings the host itself gives or reads: a plugin need not know them.
bool is_the_hosts(const Component& component, std::string_view key) {
    if (component.kind == BKT_KIND_DISCOVERY) return key == "opt_in";
    if (component.kind != BKT_KIND_ENGINE) return false;
    return key.starts_with("target.") || key.starts_with("restore.") || config::find_label(key);
}

Status check_settings(const Component& component, Grants& grants) {
    if (component.config_schema.empty()) return {};
    const WrongAt at = [&](const std::string& key, Error error) {
        return at_origin(grants, key, std::move(error));
    };
    BKT_LET(auto from, sourced(component.config_schema, grants.config, at));
    BKT_LET(auto config, check_config(
                             component.config_schema, std::move(from.config),
                             [&](std::string_view key) {
                                 return from.secrets.contains(std::string(key)) ||
                                        is_the_hosts(component, key);
                             },
                             at));
    grants.config = std::move(config);
    grants.secret = [references = std::move(from.secrets), others = std::move(grants.secret)](
                        const bkt_call* call, std::string_view key) -> Result<base::Secret> {
        const auto found = references.find(std::string(key));
        if (found != references.end()) return config::read_secret(found->second);
        return others ? others(call, key) : Result<base::Secret>(base::Secret());
    };
    return {};
}

}  // namespace

Grants grants_for(const config::Block& block, const std::set<std::string_view>& own) {
    Grants grants;
    grants.origins[""] = block.origin;
    for (const auto& [key, value] : block.options) {
        if (own.contains(key)) continue;
        grants.config[key] = value.text;
        grants.origins[key] = value.origin;
    }
    return grants;
}

Error at_origin(const Grants& grants, const std::string& key, Error error) {
    auto found = grants.origins.find(key);
    // What came from a file is written under another name.
    if (found == grants.origins.end()) found = grants.origins.find(key + "_file");
    if (found == grants.origins.end()) found = grants.origins.find("");
    if (found == grants.origins.end() || found->second.empty()) return error;
    return std::move(error).within(found->second);
}

Status introduce(const Component& component, const CallScope& scope, Grants& grants) {
    grants.plugin = component.module;
    grants.kind = component.kind.substr(0, component.kind.find('/'));
    grants.component = component.module + "/" + grants.kind + "/" + component.name;
    grants.component_name = component.name;
    grants.needs = component.needs;
    grants.experimental = component.experimental;
    if (!grants.facilities) grants.facilities = scope.facilities;
    auto checked = check_settings(component, grants);
    if (!checked) return std::move(checked).error().within("settings of '" + component.name + "'");
    return {};
}

}  // namespace bkt::plugin
