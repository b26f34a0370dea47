// bkt_discovery_ops of an isolated discovery source.
#include "baktainer/call.hpp"
#include "core/plugin/worker/tables.hpp"

namespace bkt::plugin::worker {

using wire::json;

namespace {

json pairs(const bkt_pair* all, std::uint64_t count) {
    json made = json::array();
    for (std::uint64_t i = 0; i < count; ++i)
        made.push_back(json::array({view(all[i].key), view(all[i].value)}));
    return made;
}

// Pairs as texts, and as the contract's pairs that borrow them.
struct Pairs {
    std::vector<std::pair<std::string, std::string>> texts;
    std::vector<bkt_pair> raw;
    explicit Pairs(const json& list) {
        for (const auto& entry : list)
            if (entry.is_array() && entry.size() == 2)
                texts.emplace_back(wire::text_of(entry[0]), wire::text_of(entry[1]));
        for (const auto& [key, value] : texts) raw.push_back({str(key), str(value)});
    }
};

json words(const bkt_str* all, std::uint64_t count) {
    json made = json::array();
    for (std::uint64_t i = 0; i < count; ++i) made.push_back(view(all[i]));
    return made;
}

void expect_targets(Op& op, const bkt_target_out* out) {
    op.on("emit", [out](auto& m) -> wire::Reply {
        for (const auto& said : wire::list(m.body, "items"))
            if (const bkt_rc rc = emit_target(said, out); rc != BKT_OK) return {{{"rc", rc}}, {}};
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
        json arguments{{"instance", instance.id},
                       {"target", view(r->target)},
                       {"argv", words(r->argv, r->argc)},
                       {"env", words(r->env, r->env_count)},
                       {"user", view(r->user)}};
        if (r->in) arguments["in"] = op.lend(r->in);
        if (r->out) arguments["out"] = op.lend(r->out);
        op.may_be_silent();  // the tool may work long before its first byte
        json out;
        const bkt_rc rc = op.run("discovery.exec", std::move(arguments), &out);
        if (!wire::at(out, "exit_code").is_number_integer()) return rc;
        const auto tail = wire::text(out, "stderr_tail");
        const bkt_exec_result result{sizeof result,
                                     static_cast<std::int32_t>(wire::integer(out, "exit_code")),
                                     static_cast<std::uint32_t>(wire::number(out, "how")),
                                     0,
                                     wire::number(out, "stdin_bytes"),
                                     wire::number(out, "stdout_bytes"),
                                     str(tail)};
        report->exited(report, &result);
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

json target_arguments(const bkt_target& t) {
    return {{"flags", t.flags},
            {"id", view(t.id)},
            {"name", view(t.name)},
            {"image", view(t.image)},
            {"image_digest", view(t.image_digest)},
            {"state", view(t.state)},
            {"labels", pairs(t.labels, t.label_count)},
            {"env", pairs(t.env, t.env_count)}};
}

bkt_rc emit_target(const json& said, const bkt_target_out* out) {
    const auto id = wire::text(said, "id"), name = wire::text(said, "name"),
               image = wire::text(said, "image"), digest = wire::text(said, "image_digest"),
               state = wire::text(said, "state");
    const Pairs labels(wire::list(said, "labels")), env(wire::list(said, "env"));
    const bkt_target target{
        sizeof target,     static_cast<std::uint32_t>(wire::number(said, "flags")),
        str(id),           str(name),
        str(image),        str(digest),
        str(state),        labels.raw.data(),
        labels.raw.size(), env.raw.data(),
        env.raw.size()};
    return out->target(out, &target);
}

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
