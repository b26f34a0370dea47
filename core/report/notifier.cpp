#include "core/report/notifier.hpp"

#include "baktainer/call.hpp"

namespace bkt::report {

Result<Notifier> Notifier::open(std::string name, const plugin::Component& component,
                                plugin::Grants grants, const plugin::CallScope& scope) {
    auto opened = Opened::open(component, std::move(grants), scope);
    if (!opened) return std::move(opened).error().within("notifier '" + name + "'");
    return Notifier(std::move(name), *std::move(opened));
}

Status Notifier::notify(const plugin::CallScope& scope, const Message& message) const {
    const bkt_event raw = message.raw();
    return opened_.call(scope, [&](const auto& ops, void* self, const bkt_call* call) {
        return ops.notify(self, call, &raw);
    });
}

}  // namespace bkt::report
