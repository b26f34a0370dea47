// bkt_discovery_ops of an isolated discovery source.
#include "baktainer/call.hpp"
#include "core/plugin/wire/exec_words.hpp"
#include "core/plugin/wire/target_words.hpp"
#include "core/plugin/worker/tables.hpp"

namespace bkt::plugin::worker {

using wire::json;

namespace {

void expect_targets(Op& op, const bkt_target_out* out) {
    op.on("emit", [out](auto& m) -> wire::Reply {
        for (const auto& said : wire::list(m.body, "items"))
            if (const bkt_rc rc = out->target(out, &wire::TargetWords(said).raw()); rc != BKT_OK)
                return {{{"rc", rc}}, {}};
        return {{{"rc", BKT_OK}}, {}};
    });
}

bkt_rc scan(void* self, const bkt_call* call, const bkt_target_out* out) noexcept {
    return on(self, call, [&](Instance& instance, Op& op) {
        expect_targets(op, out);
        return op.run("discovery.scan", {{"instance", instance.id}});
    });
}

bkt_rc watch(void* self, const bkt_call* call, const bkt_change_out* out) noexcept {
    return on(self, call, [&](Instance& instance, Op& op) {
        op.on("changed", [out](auto& m) -> wire::Reply {
            const auto id = wire::text(m.body, "id");
            const auto change = static_cast<std::int32_t>(wire::integer(m.body, "change"));
            return {{{"rc", out->changed(out, change, str(id))}}, {}};
        });
        op.may_be_silent();
        return op.run("discovery.watch", {{"instance", instance.id}});
    });
}

bkt_rc exec(void* self, const bkt_call* call, const bkt_exec_request* r,
            const bkt_exec_report* report) noexcept {
    return on(self, call, [&](Instance& instance, Op& op) {
        json arguments = wire::said_request(*r);
        arguments["instance"] = instance.id;
        if (r->in) arguments["in"] = op.lend(r->in);
        if (r->out) arguments["out"] = op.lend(r->out);
        op.may_be_silent();  // the tool may work long before its first byte
        json out;
        const bkt_rc rc = op.run("discovery.exec", std::move(arguments), &out);
        wire::report_result(out, report);
        return rc;
    });
}

bkt_rc clone(void* self, const bkt_call* call, const bkt_clone_request* request,
             const bkt_target_out* out) noexcept {
    return on(self, call, [&](Instance& instance, Op& op) {
        expect_targets(op, out);
        return op.run(
            "discovery.clone",
            {{"instance", instance.id}, {"id", view(request->id)}, {"name", view(request->name)}});
    });
}

bkt_rc remove_clone(void* self, const bkt_call* call, bkt_str id) noexcept {
    return on(self, call, [&](Instance& instance, Op& op) {
        return op.run("discovery.remove_clone", {{"instance", instance.id}, {"id", view(id)}});
    });
}

}  // namespace

bkt_discovery_ops discovery_table(OpenFn open) {
    return {sizeof(bkt_discovery_ops),
            0,
            open,
            &close_instance,
            &scan,
            &watch,
            &exec,
            &clone,
            &remove_clone,
            &health,
            nullptr};
}

}  // namespace bkt::plugin::worker
