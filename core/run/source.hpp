// run/source.hpp: a configured discovery source, opened: finds targets and is the way into them.
#pragma once

#include <functional>
#include <string>

#include "baktainer/abi/kinds/discovery.h"
#include "core/plugin/instance.hpp"
#include "core/target/target.hpp"

namespace bkt::run {

// Methods may be called on several threads at once.
class Source final {
public:
    static Result<Source> open(std::string name, const plugin::Component& component,
                               plugin::Grants grants, const plugin::CallScope& scope);

    const std::string& name() const { return name_; }
    // False: recognised images are targets without any label.
    bool opt_in() const { return opt_in_; }
    Result<std::vector<target::Target>> scan(const plugin::CallScope& scope) const;
    // For the exec service: `call` is the engine's own.
    bkt_rc exec(const bkt_call* call, const bkt_exec_request* request,
                const bkt_exec_report* report) const;
    bool can_clone() const { return opened_.ops().clone != nullptr; }
    Result<target::Target> clone(const plugin::CallScope& scope, const std::string& id,
                                 const std::string& name) const;
    Status remove_clone(const plugin::CallScope& scope, const std::string& id) const;
    Result<std::string> health(const plugin::CallScope& scope) const {
        return opened_.health(scope);
    }

private:
    using Opened = plugin::Instance<bkt_discovery_ops>;
    Source(std::string name, bool opt_in, Opened opened)
        : name_(std::move(name)), opt_in_(opt_in), opened_(std::move(opened)) {}

    std::string name_;
    bool opt_in_;
    Opened opened_;
};

}  // namespace bkt::run
