// What is the same for every kind: open, close, health. The first two and the last fields of every
// bkt_<kind>_ops differ in place, so each kind names its own.
#include "baktainer/abi/kinds/discovery.h"
#include "baktainer/abi/kinds/engine.h"
#include "baktainer/abi/kinds/hook.h"
#include "baktainer/abi/kinds/notifier.h"
#include "baktainer/abi/kinds/secrets.h"
#include "baktainer/abi/kinds/storage.h"
#include "baktainer/abi/kinds/transform.h"
#include "baktainer/call.hpp"
#include "core/plugin_host/server.hpp"

namespace bkt::plugin_host {

namespace {

using Open = decltype(bkt_storage_ops::open);
using Close = decltype(bkt_storage_ops::close);
using Health = decltype(bkt_storage_ops::health);

struct Common {
    Open open;
    Close close;
    Health health;  // may be NULL
};

template <class Ops>
Common common_of(const void* ops) {
    const auto* table = static_cast<const Ops*>(ops);
    if constexpr (requires { table->health; })
        return {table->open, table->close, BKT_HAS(table, Ops, health) ? table->health : nullptr};
    else return {table->open, table->close, nullptr};
}

Common common_of(const bkt_component& component) {
    const std::string_view kind = component.kind;
    if (kind == BKT_KIND_ENGINE) return common_of<bkt_engine_ops>(component.ops);
    if (kind == BKT_KIND_STORAGE) return common_of<bkt_storage_ops>(component.ops);
    if (kind == BKT_KIND_DISCOVERY) return common_of<bkt_discovery_ops>(component.ops);
    if (kind == BKT_KIND_NOTIFIER) return common_of<bkt_notifier_ops>(component.ops);
    if (kind == BKT_KIND_HOOK) return common_of<bkt_hook_ops>(component.ops);
    if (kind == BKT_KIND_SECRETS) return common_of<bkt_secrets_ops>(component.ops);
    if (kind == BKT_KIND_TRANSFORM) return common_of<bkt_transform_ops>(component.ops);
    return {};
}

json open(Asked& a) {
    Opened opened;
    opened.component = a.server.component(wire::text(a.args, "kind"), wire::text(a.args, "name"));
    const Common common = opened.component ? common_of(*opened.component) : Common{};
    if (!common.open || !common.close) return a.call.reply(BKT_UNSUPPORTED);
    opened.host = std::make_unique<HostView>(a.server, a.args);
    const bkt_rc rc = common.open(opened.host->raw(), a.call.raw(), &opened.self);
    if (rc != BKT_OK) return a.call.reply(rc);
    return a.call.reply(BKT_OK, {{"instance", a.server.add(std::move(opened))}});
}

json close(Asked& a) {
    const auto opened = a.server.take(wire::number(a.args, "instance"));
    if (!opened) return a.call.reply(BKT_BUG);
    common_of(*opened->component).close(opened->self);
    a.server.end_module();
    return a.call.reply(BKT_OK);
}

json health(Asked& a) {
    const auto opened = a.server.find(wire::number(a.args, "instance"));
    const auto ask = opened ? common_of(*opened->component).health : nullptr;
    if (!ask) return a.call.reply(BKT_UNSUPPORTED);
    bkt_str text{nullptr, 0};
    const bkt_rc rc = ask(opened->self, a.call.raw(), &text);
    return a.call.reply(rc, rc == BKT_OK ? json{{"text", view(text)}} : json());
}

constexpr MethodRow kMethods[] = {{"open", &open}, {"close", &close}, {"health", &health}};

}  // namespace

std::span<const MethodRow> instance_methods() { return kMethods; }

}  // namespace bkt::plugin_host
