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
    BKT_LET(auto from, sourced(component.config_schema, grants.config));
    BKT_LET(
        grants.config,
        check_config(component.config_schema, std::move(from.config), [&](std::string_view key) {
            return from.secrets.contains(std::string(key)) || is_the_hosts(component, key);
        }));
    grants.secret = [references = std::move(from.secrets), others = std::move(grants.secret)](
                        const bkt_call* call, std::string_view key) -> Result<base::Secret> {
        const auto found = references.find(std::string(key));
        if (found != references.end()) return config::read_secret(found->second);
        return others ? others(call, key) : Result<base::Secret>(base::Secret());
    };
    return {};
}

}  // namespace

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
