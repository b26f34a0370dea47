// plugin/instance.hpp: an opened plugin object and its host, closed when it goes.
#pragma once

#include <memory>
#include <set>
#include <string_view>

#include "baktainer/call.hpp"
#include "core/config/settings.hpp"
#include "core/plugin/call_context.hpp"
#include "core/plugin/instance_host.hpp"
#include "core/plugin/registry.hpp"
#include "core/plugin/thread_tag.hpp"

namespace bkt::plugin {

// Fills in who an instance of `component` is and what it may reach, and checks its settings by the
// component's schema.
Status introduce(const Component& component, const CallScope& scope, Grants& grants);

// The settings of a configured block, with where they stand, but for `own`: those that are the host's.
Grants grants_for(const config::Block& block, const std::set<std::string_view>& own = {});

// Puts where the setting `key`, or else all of them, were written in front of what is wrong with it.
Error at_origin(const Grants& grants, const std::string& key, Error error);

// `Ops` is the bkt_<kind>_ops of the component's kind, in this host's shape (shape.hpp). Calls on it need a
// CallContext.
template <class Ops>
class Instance final {
public:
    static Result<Instance> open(const Component& component, Grants grants,
                                 const CallScope& scope) {
        const auto* ops = static_cast<const Ops*>(component.ops);
        BKT_TRY(introduce(component, scope, grants));
        auto host = std::make_unique<InstanceHost>(std::move(grants));
        void* self = nullptr;
        CallContext call(scope, component.module, host->grants().scrubber.get());
        const ThreadTag tag(BKT_THREAD_OP);
        auto opened = call.outcome(ops->open(host->raw(), call.raw(), &self));
        if (!opened) return at_origin(host->grants(), "", std::move(opened).error());
        return Instance(ops, std::move(host), self);
    }
    Instance(Instance&& other) noexcept
        : ops_(other.ops_),
          host_(std::move(other.host_)),
          self_(std::exchange(other.self_, nullptr)) {}
    Instance& operator=(Instance&&) = delete;
    ~Instance() {
        if (!self_) return;
        const ThreadTag tag(BKT_THREAD_OP);
        ops_->close(self_);
    }

    // Makes one call: `body(ops, self, call)` returns the plugin's code.
    template <class Body>
    Status call(const CallScope& scope, Body&& body) const {
        CallContext call(scope, host_->plugin(), host_->grants().scrubber.get());
        const ThreadTag tag(BKT_THREAD_OP);
        return call.outcome(body(*ops_, self_, call.raw()));
    }
    // For the kinds that have it: where it works, or why it cannot.
    Result<std::string> health(const CallScope& scope) const {
        std::string said;
        BKT_TRY(call(scope, [&](const Ops& ops, void* self, const bkt_call* call) {
            bkt_str text{nullptr, 0};
            const bkt_rc rc = ops.health(self, call, &text);
            if (rc == BKT_OK) said = view(text);  // before the call, and its memory, is over
            return rc;
        }));
        return said;
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
