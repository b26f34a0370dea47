// bkt_engine_ops of an isolated engine.
#include "baktainer/abi/kinds/engine.h"
#include "baktainer/call.hpp"
#include "core/plugin/call_context.hpp"
#include "core/plugin/wire/target_words.hpp"
#include "core/plugin/worker/remote_tap.hpp"
#include "core/plugin/worker/tables.hpp"

namespace bkt::plugin::worker {

using wire::json;

namespace {

bkt_rc plan(void* self, const bkt_call* call, const bkt_plan* into) noexcept {
    return on(self, call, [&](Instance& instance, Op& op) {
        json out;
        if (const bkt_rc rc = op.run("engine.plan", {{"instance", instance.id}}, &out);
            rc != BKT_OK)
            return rc;
        for (const auto& part : wire::list(out, "parts")) {
            const auto name = wire::text(part, "name"), type = wire::text(part, "media_type");
            if (const bkt_rc rc =
                    into->part(into, str(name), str(type), wire::number(part, "estimate_bytes"));
                rc != BKT_OK)
                return rc;
        }
        into->consistency(into, static_cast<std::int32_t>(wire::integer(out, "consistency")));
        for (const auto& note : wire::list(out, "notes")) {
            const auto text = wire::text_of(note);
            into->note(into, str(text));
        }
        for (const auto& what : wire::list(out, "gone")) {
            const auto text = wire::text_of(what);
            into->gone(into, str(text));
        }
        return bkt_rc{BKT_OK};
    });
}

// The parts a dump has begun, by the handle the plugin knows their sinks by.
struct Begun {
    const bkt_parts_out* out;
    Op& op;
    std::mutex mutex;
    std::map<std::uint64_t, const bkt_sink*> sinks;

    wire::Reply begin(wire::Message& m) {
        const auto name = wire::text(m.body, "name");
        const bkt_sink* sink = nullptr;
        const bkt_rc rc = out->begin(out, op.call(), str(name), &sink);
        if (rc != BKT_OK) return {{{"rc", rc}}, {}};
        json lent = op.lend(sink);
        const std::lock_guard lock(mutex);
        sinks[wire::number(lent, "handle")] = sink;
        lent["rc"] = BKT_OK;
        return {std::move(lent), {}};
    }
    wire::Reply finish(wire::Message& m) {
        const auto handle = wire::number(m.body, "handle");
        const bkt_sink* sink = nullptr;
        {
            const std::lock_guard lock(mutex);
            const auto found = sinks.find(handle);
            if (found != sinks.end()) sink = found->second, sinks.erase(found);
        }
        if (!sink) return {{{"rc", BKT_BUG}}, {}};
        if (const bkt_rc rc = op.end_sink(handle, wire::number(m.body, "bytes")); rc != BKT_OK)
            return {{{"rc", rc}}, {}};
        const bkt_rc rc = out->finish(out, op.call(), sink,
                                      static_cast<std::int32_t>(wire::integer(m.body, "exit_code")),
                                      wire::number(m.body, "tool_bytes"));
        return {{{"rc", rc}}, {}};
    }
};

bkt_rc dump(void* self, const bkt_call* call, const bkt_parts_out* out) noexcept {
    return on(self, call, [&](Instance& instance, Op& op) {
        Begun begun{out, op, {}, {}};
        op.on("parts.begin", [&](auto& m) { return begun.begin(m); });
        op.on("parts.finish", [&](auto& m) { return begun.finish(m); });
        op.on("parts.fact", [&](auto& m) {
            const auto key = wire::text(m.body, "key"), value = wire::text(m.body, "value");
            out->fact(out, str(key), str(value));
            return wire::Reply{{{"rc", BKT_OK}}, {}};
        });
        return op.run("engine.dump", {{"instance", instance.id}});
    });
}

bkt_rc restore(void* self, const bkt_call* call, const bkt_parts_in* in) noexcept {
    return on(self, call, [&](Instance& instance, Op& op) {
        json names = json::array();
        for (std::uint64_t i = 0; i < in->count(in); ++i) names.push_back(view(in->name(in, i)));
        op.on("parts.open", [&](auto& m) -> wire::Reply {
            const auto name = wire::text(m.body, "name");
            const bkt_source* source = nullptr;
            // Only one is open at a time: the one before is over.
            if (const bkt_rc rc = op.end_sources(); rc != BKT_OK) return {{{"rc", rc}}, {}};
            const bkt_rc rc = in->open(in, op.call(), str(name), &source);
            if (rc != BKT_OK) return {{{"rc", rc}}, {}};
            json lent = op.lend(source);
            lent["rc"] = BKT_OK;
            return {std::move(lent), {}};
        });
        return op.run("engine.restore", {{"instance", instance.id}, {"parts", std::move(names)}});
    });
}

bkt_rc recipe(void* self, const bkt_call* call, const bkt_str* parts, std::uint64_t count,
              bkt_str* text) noexcept {
    return on(self, call, [&](Instance& instance, Op& op) {
        json names = json::array(), out;
        for (std::uint64_t i = 0; i < count; ++i) names.push_back(view(parts[i]));
        const bkt_rc rc =
            op.run("engine.recipe", {{"instance", instance.id}, {"parts", std::move(names)}}, &out);
        return rc == BKT_OK ? give_text(call, wire::text(out, "text"), text) : rc;
    });
}

bkt_rc validator(void* self, const bkt_call* call, bkt_str name, bkt_str media_type,
                 std::uint32_t flags, const bkt_tap** tap) noexcept {
    return on(self, call, [&](Instance& instance, Op& op) {
        json out;
        const bkt_rc rc = op.run("engine.validator",
                                 {{"instance", instance.id},
                                  {"name", view(name)},
                                  {"media_type", view(media_type)},
                                  {"flags", flags}},
                                 &out);
        if (rc == BKT_OK)
            *tap = RemoteTap::make(instance, wire::number(out, "tap"),
                                   wire::number(out, "tail_bytes"));
        return rc;
    });
}

Result<std::shared_ptr<Worker>> recogniser_of(Isolated& component) {
    const std::lock_guard lock(component.mutex);
    if (component.recogniser && component.recogniser->peer().is_gone())
        component.recogniser.reset();
    if (!component.recogniser) {
        BKT_LET(component.recogniser, Worker::start(component.image, ""));
    }
    return component.recogniser;
}

}  // namespace

bkt_rc recognise_by(Isolated& component, const bkt_call* call, const bkt_target* target,
                    const bkt_recognition* out) noexcept {
    try {
        auto worker = recogniser_of(component);
        if (!worker) return fail_call(call, worker.error());
        Op op(**worker, nullptr, call);
        json said;
        const bkt_rc rc = op.run("engine.recognise",
                                 {{"name", component.name}, {"target", wire::said_target(*target)}},
                                 &said, {}, component.image.limits.start);
        if (rc != BKT_OK) return rc;
        const auto reason = wire::text(said, "reason");
        out->score(out, static_cast<std::uint32_t>(wire::number(said, "score")), str(reason));
        for (const auto& setting : wire::list(said, "settings")) {
            const auto key = wire::text(setting, "key"), value = wire::text(setting, "value"),
                       why = wire::text(setting, "reason");
            out->setting(out, str(key), str(value), str(why));
        }
        if (const auto& modes = wire::at(said, "modes");
            modes.is_number_unsigned() && BKT_HAS(out, bkt_recognition, modes))
            out->modes(out, modes.get<std::uint32_t>());
        return BKT_OK;
    } catch (...) {
        return BKT_BUG;
    }
}

bkt_engine_ops engine_table(OpenFn open, RecogniseFn recognise) {
    return {sizeof(bkt_engine_ops),
            0,
            recognise,
            open,
            &close_instance,
            &plan,
            &dump,
            &validator,
            &restore,
            &recipe,
            nullptr};
}

}  // namespace bkt::plugin::worker
