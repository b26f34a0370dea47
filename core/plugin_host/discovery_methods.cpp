// Calls into a discovery source.
#include "baktainer/abi/kinds/discovery.h"
#include "baktainer/call.hpp"
#include "core/plugin_host/emitter.hpp"
#include "core/plugin_host/server.hpp"

namespace bkt::plugin_host {

namespace {

const bkt_discovery_ops& ops_of(const Opened& opened) {
    return *static_cast<const bkt_discovery_ops*>(opened.component->ops);
}

json pairs(const bkt_pair* all, std::uint64_t count) {
    json made = json::array();
    for (std::uint64_t i = 0; i < count; ++i)
        made.push_back(json::array({view(all[i].key), view(all[i].value)}));
    return made;
}

bkt_rc target(const bkt_target_out* out, const bkt_target* t) noexcept {
    try {
        return static_cast<Emitter*>(out->ctx)->emit({{"flags", t->flags},
                                                      {"id", view(t->id)},
                                                      {"name", view(t->name)},
                                                      {"image", view(t->image)},
                                                      {"image_digest", view(t->image_digest)},
                                                      {"state", view(t->state)},
                                                      {"labels", pairs(t->labels, t->label_count)},
                                                      {"env", pairs(t->env, t->env_count)}});
    } catch (...) {
        return BKT_BUG;
    }
}

json scan(Asked& a) {
    const auto opened = a.instance(BKT_KIND_DISCOVERY);
    Emitter emitter(a.call);
    const bkt_target_out out{sizeof out, 0, &emitter, &target};
    return a.call.reply(emitter.end(ops_of(*opened).scan(opened->self, a.call.raw(), &out)));
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
    if (!ops_of(*opened).watch) return a.call.reply(BKT_UNSUPPORTED);
    const bkt_change_out out{sizeof out, 0, &a.call, &changed};
    return a.call.reply(ops_of(*opened).watch(opened->self, a.call.raw(), &out));
}

void exited(const bkt_exec_report* report, const bkt_exec_result* r) noexcept {
    try {
        *static_cast<json*>(report->ctx) = {{"exit_code", r->exit_code},
                                            {"how", r->how},
                                            {"stdin_bytes", r->stdin_bytes},
                                            {"stdout_bytes", r->stdout_bytes},
                                            {"stderr_tail", view(r->stderr_tail)}};
    } catch (...) {
        // Without a told status the host fails.
    }
}

json exec(Asked& a) {
    const auto opened = a.instance(BKT_KIND_DISCOVERY);
    std::vector<std::string> argv, env;
    for (const auto& word : wire::list(a.args, "argv")) argv.push_back(wire::text_of(word));
    for (const auto& word : wire::list(a.args, "env")) env.push_back(wire::text_of(word));
    std::vector<bkt_str> argv_strs, env_strs;
    for (const auto& word : argv) argv_strs.push_back(str(word));
    for (const auto& word : env) env_strs.push_back(str(word));
    const auto target = wire::text(a.args, "target"), user = wire::text(a.args, "user");
    const json &in = wire::at(a.args, "in"), &out = wire::at(a.args, "out");
    const bkt_exec_request request{sizeof request,
                                   0,
                                   str(target),
                                   argv_strs.data(),
                                   argv_strs.size(),
                                   env_strs.data(),
                                   env_strs.size(),
                                   str(user),
                                   in.is_object() ? a.call.source(in) : nullptr,
                                   out.is_object() ? a.call.sink(out) : nullptr};
    json told;
    const bkt_exec_report report{sizeof report, 0, &told, &exited};
    const bkt_rc rc = ops_of(*opened).exec(opened->self, a.call.raw(), &request, &report);
    return a.call.reply(rc, std::move(told));
}

json clone(Asked& a) {
    const auto opened = a.instance(BKT_KIND_DISCOVERY);
    if (!ops_of(*opened).clone) return a.call.reply(BKT_UNSUPPORTED);
    const auto id = wire::text(a.args, "id"), name = wire::text(a.args, "name");
    const bkt_clone_request request{sizeof request, 0, str(id), str(name)};
    Emitter emitter(a.call);
    const bkt_target_out out{sizeof out, 0, &emitter, &target};
    return a.call.reply(
        emitter.end(ops_of(*opened).clone(opened->self, a.call.raw(), &request, &out)));
}

json remove_clone(Asked& a) {
    const auto opened = a.instance(BKT_KIND_DISCOVERY);
    if (!ops_of(*opened).remove_clone) return a.call.reply(BKT_UNSUPPORTED);
    const auto id = wire::text(a.args, "id");
    return a.call.reply(ops_of(*opened).remove_clone(opened->self, a.call.raw(), str(id)));
}

constexpr MethodRow kMethods[] = {
    {"discovery.scan", &scan},
    {"discovery.watch", &watch},
    {"discovery.exec", &exec},
    {"discovery.clone", &clone},
    {"discovery.remove_clone", &remove_clone},
};

}  // namespace

std::span<const MethodRow> discovery_methods() { return kMethods; }

}  // namespace bkt::plugin_host
