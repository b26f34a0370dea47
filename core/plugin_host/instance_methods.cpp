// What is the same for every kind: open, close, health.
#include <stdexcept>

#include "baktainer/call.hpp"
#include "baktainer/detail/common_ops.hpp"
#include "core/plugin_host/server.hpp"

namespace bkt::plugin_host {

namespace {

using detail::common_ops;

json open(Asked& a) {
    if (!a.server.may_open()) throw std::runtime_error("this process has had its one instance");
    Opened opened;
    opened.component = a.server.component(wire::text(a.args, "kind"), wire::text(a.args, "name"));
    const auto common = opened.component ? common_ops(*opened.component) : detail::CommonOps{};
    if (!common.open || !common.close) return a.call.reply(BKT_UNSUPPORTED);
    opened.host = std::make_unique<HostView>(a.server, a.args);
    const bkt_rc rc = common.open(opened.host->raw(), a.call.raw(), &opened.self);
    if (rc != BKT_OK) return a.call.reply(rc);
    return a.call.reply(BKT_OK, {{"instance", a.server.add(std::move(opened))}});
}

json close(Asked& a) {
    const auto opened = a.server.take(wire::number(a.args, "instance"));
    common_ops(*opened->component).close(opened->self);
    a.server.end_module();
    return a.call.reply(BKT_OK);
}

json health(Asked& a) {
    const auto opened = a.instance("");
    const auto ask = common_ops(*opened->component).health;
    if (!ask) return a.call.reply(BKT_UNSUPPORTED);
    bkt_str text{nullptr, 0};
    const bkt_rc rc = ask(opened->self, a.call.raw(), &text);
    return a.call.reply(rc, rc == BKT_OK ? json{{"text", view(text)}} : json());
}

constexpr MethodRow kInstanceMethods[] = {{"open", &open}, {"close", &close}, {"health", &health}};

}  // namespace

std::span<const MethodRow> instance_methods() { return kInstanceMethods; }

}  // namespace bkt::plugin_host
