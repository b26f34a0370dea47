// Calls into a discovery source.
#include "baktainer/abi/kinds/discovery.h"
#include "baktainer/call.hpp"
#include "core/plugin/wire/exec_words.hpp"
#include "core/plugin/wire/target_words.hpp"
#include "core/plugin_host/emitter.hpp"
#include "core/plugin_host/server.hpp"

namespace bkt::plugin_host {

namespace {

const bkt_discovery_ops& discovery_of(const Opened& opened) {
    return *static_cast<const bkt_discovery_ops*>(opened.component->ops);
}

bkt_rc target(const bkt_target_out* out, const bkt_target* t) noexcept {
    try {
        return static_cast<Emitter*>(out->ctx)->emit(wire::said_target(*t));
    } catch (...) {
        return BKT_BUG;
    }
}

json scan(Asked& a) {
    const auto opened = a.instance(BKT_KIND_DISCOVERY);
    Emitter emitter(a.call);
    const bkt_target_out out{sizeof out, 0, &emitter, &target};
    return a.call.reply(emitter.end(discovery_of(*opened).scan(opened->self, a.call.raw(), &out)));
}

bkt_rc changed(const bkt_change_out* out, std::int32_t change, bkt_str id) noexcept {
    try {
        return wire::code(static_cast<OpCall*>(out->ctx)
                              ->ask("changed", {{"change", change}, {"id", view(id)}})
                              .body);
    } catch (...) {
        return BKT_BUG;
    }
}

json watch(Asked& a) {
    const auto opened = a.instance(BKT_KIND_DISCOVERY);
    if (!discovery_of(*opened).watch) return a.call.reply(BKT_UNSUPPORTED);
    const bkt_change_out out{sizeof out, 0, &a.call, &changed};
    return a.call.reply(discovery_of(*opened).watch(opened->self, a.call.raw(), &out));
}

json exec(Asked& a) {
    const auto opened = a.instance(BKT_KIND_DISCOVERY);
    const wire::RequestWords words(a.args);
    const json &in = wire::at(a.args, "in"), &out = wire::at(a.args, "out");
    const auto request = words.with(in.is_object() ? a.call.source(in) : nullptr,
                                    out.is_object() ? a.call.sink(out) : nullptr);
    wire::KeptResult kept;
    const auto report = kept.report();
    const bkt_rc rc = discovery_of(*opened).exec(opened->self, a.call.raw(), &request, &report);
    return a.call.reply(rc, std::move(kept.said));
}

json clone(Asked& a) {
    const auto opened = a.instance(BKT_KIND_DISCOVERY);
    if (!discovery_of(*opened).clone) return a.call.reply(BKT_UNSUPPORTED);
    const auto id = wire::text(a.args, "id"), name = wire::text(a.args, "name");
    const bkt_clone_request request{sizeof request, 0, str(id), str(name)};
    Emitter emitter(a.call);
    const bkt_target_out out{sizeof out, 0, &emitter, &target};
    return a.call.reply(
        emitter.end(discovery_of(*opened).clone(opened->self, a.call.raw(), &request, &out)));
}

json remove_clone(Asked& a) {
    const auto opened = a.instance(BKT_KIND_DISCOVERY);
    if (!discovery_of(*opened).remove_clone) return a.call.reply(BKT_UNSUPPORTED);
    const auto id = wire::text(a.args, "id");
    return a.call.reply(discovery_of(*opened).remove_clone(opened->self, a.call.raw(), str(id)));
}

constexpr MethodRow kDiscoveryMethods[] = {
    {"discovery.scan", &scan},
    {"discovery.watch", &watch},
    {"discovery.exec", &exec},
    {"discovery.clone", &clone},
    {"discovery.remove_clone", &remove_clone},
};

}  // namespace

std::span<const MethodRow> discovery_methods() { return kDiscoveryMethods; }

}  // namespace bkt::plugin_host
