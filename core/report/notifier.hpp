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
    // `options`: the plugin's own; on, timeout and type are the host's.
    static Result<Notifier> open(std::string name, const plugin::Component& component,
                                 std::map<std::string, std::string> options,
                                 const plugin::CallScope& scope);

    Status notify(const plugin::CallScope& scope, const Message& message) const;
    // Where it delivers to, or why it cannot.
    Result<std::string> health(const plugin::CallScope& scope) const;

private:
    using Opened = plugin::Instance<bkt_notifier_ops>;
    Notifier(std::string name, std::shared_ptr<base::Scrubber> scrubber, Opened opened)
        : name_(std::move(name)), scrubber_(std::move(scrubber)), opened_(std::move(opened)) {}
    // As the given one, but scrubbing what this notifier knows.
    plugin::CallScope own(const plugin::CallScope& scope) const;

    std::string name_;
    std::shared_ptr<base::Scrubber> scrubber_;
    Opened opened_;
};

}  // namespace bkt::report
