// plugin/instance.hpp: an opened plugin object and its host, closed when it goes.
#pragma once

#include <memory>

#include "baktainer/abi/kinds/engine.h"
#include "core/config/label_table.hpp"
#include "core/plugin/call_context.hpp"
#include "core/plugin/config_schema.hpp"
#include "core/plugin/instance_host.hpp"
#include "core/plugin/registry.hpp"

namespace bkt::plugin {

// Holds `config` against the component's schema and fills in its defaults. An engine is also given the
// job's and the target's settings, whether it knows them or not.
inline Status check_settings(const Component& component,
                             std::map<std::string, std::string>& config) {
    const bool engine = component.kind == BKT_KIND_ENGINE;
    auto checked = check_config(component.config_schema, config, [&](std::string_view key) {
        return engine && (key.starts_with("target.") || config::find_label(key));
    });
    if (!checked) return std::move(checked).error().within("settings of '" + component.name + "'");
    config = *std::move(checked);
    return {};
}

// `Ops` is one of bkt_engine_ops, bkt_storage_ops, bkt_discovery_ops. Calls on it need a CallContext.
template <class Ops>
class Instance final {
public:
    static Result<Instance> open(const Component& component, Grants grants,
                                 const CallScope& scope) {
        const auto* ops = static_cast<const Ops*>(component.ops);
        if (ops->size < sizeof(Ops))
            return Error{Code::fault,
                         "plugin '" + component.module + "' has a table too small for its kind"};
        grants.plugin = component.module;
        BKT_TRY(check_settings(component, grants.config));
        auto host = std::make_unique<InstanceHost>(std::move(grants));
        void* self = nullptr;
        CallContext call(scope, component.module);
        BKT_TRY(call.outcome(ops->open(host->raw(), call.raw(), &self)));
        return Instance(ops, std::move(host), self);
    }
    Instance(Instance&& other) noexcept
        : ops_(other.ops_),
          host_(std::move(other.host_)),
          self_(std::exchange(other.self_, nullptr)) {}
    Instance& operator=(Instance&&) = delete;
    ~Instance() {
        if (self_) ops_->close(self_);
    }

    // Makes one call: `body(ops, self, call)` returns the plugin's code.
    template <class Body>
    Status call(const CallScope& scope, Body&& body) const {
        CallContext call(scope, host_->plugin());
        return call.outcome(body(*ops_, self_, call.raw()));
    }
    const Ops& ops() const { return *ops_; }
    void* self() const { return self_; }
    const std::string& plugin() const { return host_->plugin(); }

private:
    Instance(const Ops* ops, std::unique_ptr<InstanceHost> host, void* self)
        : ops_(ops), host_(std::move(host)), self_(self) {}

    const Ops* ops_;
    std::unique_ptr<InstanceHost> host_;  // outlives the plugin object
    void* self_;
};

}  // namespace bkt::plugin
