#include "core/plugin/instance.hpp"

#include "baktainer/abi/kinds/discovery.h"
#include "baktainer/abi/kinds/engine.h"
#include "core/config/secret_value.hpp"
#include "core/plugin/config_schema.hpp"

namespace bkt::plugin {

namespace {

// An engine is set by the job's settings, of which it knows but some.
bool is_closed(const Component& component) { return component.kind != BKT_KIND_ENGINE; }

Status configure_instance(const Component& component, Grants& grants) {
    if (component.config_schema.empty()) return {};
    auto options = grants.config;
    // The host's own option of every source; the plugin may look at it.
    std::string opt_in;
    if (component.kind == BKT_KIND_DISCOVERY && options.contains("opt_in"))
        opt_in = options.extract("opt_in").mapped();
    auto made = configure(component.config_schema, options, is_closed(component));
    if (!made) return std::move(made).error().within("plugin '" + component.module + "'");
    grants.config = std::move(made->config);
    if (!opt_in.empty()) grants.config["opt_in"] = opt_in;
    grants.secret = [references = std::move(made->secrets), others = std::move(grants.secret)](
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
    // One whose drafts the operator does not allow was not admitted.
    grants.allow_experimental = !component.experimental.empty();
    if (!grants.facilities) grants.facilities = scope.facilities;
    return configure_instance(component, grants);
}

}  // namespace bkt::plugin
