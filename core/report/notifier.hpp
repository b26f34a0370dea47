// report/notifier.hpp: one configured notifier, over an instance of its plugin.
#pragma once

#include <map>
#include <string>

#include "baktainer/abi/kinds/notifier.h"
#include "core/plugin/instance.hpp"
#include "core/report/message.hpp"

namespace bkt::report {

class Notifier final {
public:
    // `grants`: the settings that are the plugin's own; on, timeout and type are the host's.
    static Result<Notifier> open(std::string name, const plugin::Component& component,
                                 plugin::Grants grants, const plugin::CallScope& scope);

    Status notify(const plugin::CallScope& scope, const Message& message) const;
    // Where it delivers to, or why it cannot.
    Result<std::string> health(const plugin::CallScope& scope) const {
        return opened_.health(scope);
    }

private:
    using Opened = plugin::Instance<bkt_notifier_ops>;
    Notifier(std::string name, Opened opened)
        : name_(std::move(name)), opened_(std::move(opened)) {}

    std::string name_;
    Opened opened_;
};

}  // namespace bkt::report
