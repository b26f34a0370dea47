// Calls into an engine.
#include <stdexcept>

#include "baktainer/abi/services/thread.h"
#include "core/plugin/wire/target_words.hpp"
#include "core/plugin_host/asked_streams.hpp"
#include "core/plugin_host/open_tap.hpp"

namespace bkt::plugin_host {

namespace {

const bkt_engine_ops& engine_of(const Opened& opened) {
    return *static_cast<const bkt_engine_ops*>(opened.component->ops);
}

// ---- recognise: what the plugin emits, collected ----
struct Recognised {
    json out{{"score", 0u}, {"settings", json::array()}};
    static json& of(const bkt_recognition* r) { return static_cast<Recognised*>(r->ctx)->out; }
    static void score(const bkt_recognition* r, std::uint32_t score, bkt_str reason) noexcept {
        try {
            of(r)["score"] = score, of(r)["reason"] = view(reason);
        } catch (...) {
        }
    }
    static void setting(const bkt_recognition* r, bkt_str key, bkt_str value,
                        bkt_str reason) noexcept {
        try {
            of(r)["settings"].push_back(
                {{"key", view(key)}, {"value", view(value)}, {"reason", view(reason)}});
        } catch (...) {
        }
    }
    static void modes(const bkt_recognition* r, std::uint32_t modes) noexcept {
        try {
            of(r)["modes"] = modes;
        } catch (...) {
        }
    }
};

json recognise(Asked& a) {
    const auto* component = a.server.component(BKT_KIND_ENGINE, wire::text(a.args, "name"));
    if (!component) return a.call.reply(BKT_UNSUPPORTED);
    const wire::TargetWords target(wire::at(a.args, "target"));
    Recognised into;
    const bkt_recognition out{sizeof out,        0, &into, &Recognised::score, &Recognised::setting,
                              &Recognised::modes};
    const bkt_rc rc = static_cast<const bkt_engine_ops*>(component->ops)
                          ->recognise(a.call.raw(), &target.raw(), &out);
    return a.call.reply(rc, std::move(into.out));
}

// ---- plan ----
struct Planned {
    json out{{"parts", json::array()},
             {"notes", json::array()},
             {"gone", json::array()},
             {"consistency", 0}};
    static json& of(const bkt_plan* p) { return static_cast<Planned*>(p->ctx)->out; }
    static bkt_rc part(const bkt_plan* p, bkt_str name, bkt_str type,
                       std::uint64_t bytes) noexcept {
        try {
            of(p)["parts"].push_back(
                {{"name", view(name)}, {"media_type", view(type)}, {"estimate_bytes", bytes}});
            return BKT_OK;
        } catch (...) {
            return BKT_BUG;
        }
    }
    static void consistency(const bkt_plan* p, std::int32_t value) noexcept {
        try {
            of(p)["consistency"] = value;
        } catch (...) {
        }
    }
    static void note(const bkt_plan* p, bkt_str text) noexcept {
        try {
            of(p)["notes"].push_back(view(text));
        } catch (...) {
        }
    }
    static void gone(const bkt_plan* p, bkt_str what) noexcept {
        try {
            of(p)["gone"].push_back(view(what));
        } catch (...) {
        }
    }
};

json plan(Asked& a) {
    const auto opened = a.instance(BKT_KIND_ENGINE);
    Planned into;
    const bkt_plan out{
        sizeof out,    0, &into, &Planned::part, &Planned::consistency, &Planned::note,
        &Planned::gone};
    const bkt_rc rc = engine_of(*opened).plan(opened->self, a.call.raw(), &out);
    return a.call.reply(rc, std::move(into.out));
}

// ---- dump ----
struct Parts {
    OpCall& call;
    std::mutex mutex;
    std::map<const bkt_sink*, std::uint64_t> handles;

    static Parts& of(const bkt_parts_out* out) { return *static_cast<Parts*>(out->ctx); }
    static bkt_rc begin(const bkt_parts_out* out, const bkt_call*, bkt_str name,
                        const bkt_sink** sink) noexcept {
        try {
            auto& self = of(out);
            const auto reply = self.call.ask("parts.begin", {{"name", view(name)}});
            if (const bkt_rc rc = wire::code(reply.body); rc != BKT_OK) return rc;
            *sink = self.call.sink(reply.body);
            const std::lock_guard lock(self.mutex);
            self.handles[*sink] = wire::number(reply.body, "handle");
            return BKT_OK;
        } catch (...) {
            return BKT_BUG;
        }
    }
    static bkt_rc finish(const bkt_parts_out* out, const bkt_call*, const bkt_sink* sink,
                         std::int32_t exit_code, std::uint64_t tool_bytes) noexcept {
        try {
            auto& self = of(out);
            std::uint64_t handle = 0;
            {
                const std::lock_guard lock(self.mutex);
                const auto found = self.handles.find(sink);
                if (found == self.handles.end()) return BKT_BUG;
                handle = found->second;
                self.handles.erase(found);
            }
            const auto bytes = self.call.close_sink(handle);
            return wire::code(self.call
                                  .ask("parts.finish", {{"handle", handle},
                                                        {"bytes", bytes},
                                                        {"exit_code", exit_code},
                                                        {"tool_bytes", tool_bytes}})
                                  .body);
        } catch (...) {
            return BKT_BUG;
        }
    }
    static void fact(const bkt_parts_out* out, bkt_str key, bkt_str value) noexcept {
        try {
            of(out).call.ask("parts.fact", {{"key", view(key)}, {"value", view(value)}});
        } catch (...) {
        }
    }
};

json dump(Asked& a) {
    const auto opened = a.instance(BKT_KIND_ENGINE);
    Parts parts{a.call, {}, {}};
    const bkt_parts_out out{sizeof out, 0, &parts, &Parts::begin, &Parts::finish, &Parts::fact};
    return a.call.reply(engine_of(*opened).dump(opened->self, a.call.raw(), &out));
}

// ---- restore ----
struct Stored {
    OpCall& call;
    std::vector<std::string> names;

    static Stored& of(const bkt_parts_in* in) { return *static_cast<Stored*>(in->ctx); }
    static std::uint64_t count(const bkt_parts_in* in) noexcept { return of(in).names.size(); }
    static bkt_str name(const bkt_parts_in* in, std::uint64_t index) noexcept {
        const auto& names = of(in).names;
        return index < names.size() ? str(names[index]) : bkt_str{nullptr, 0};
    }
    static bkt_rc open(const bkt_parts_in* in, const bkt_call*, bkt_str name,
                       const bkt_source** source) noexcept {
        try {
            auto& call = of(in).call;
            call.close_sources();  // one at a time
            const auto reply = call.ask("parts.open", {{"name", view(name)}});
            if (const bkt_rc rc = wire::code(reply.body); rc != BKT_OK) return rc;
            *source = call.source(reply.body);
            return BKT_OK;
        } catch (...) {
            return BKT_BUG;
        }
    }
};

json restore(Asked& a) {
    const auto opened = a.instance(BKT_KIND_ENGINE);
    Stored stored{a.call, {}};
    for (const auto& name : wire::list(a.args, "parts"))
        stored.names.push_back(wire::text_of(name));
    const bkt_parts_in in{sizeof in, 0, &stored, &Stored::count, &Stored::name, &Stored::open};
    return a.call.reply(engine_of(*opened).restore(opened->self, a.call.raw(), &in));
}

json recipe(Asked& a) {
    const auto opened = a.instance(BKT_KIND_ENGINE);
    std::vector<std::string> names;
    for (const auto& name : wire::list(a.args, "parts")) names.push_back(wire::text_of(name));
    std::vector<bkt_str> parts;
    for (const auto& name : names) parts.push_back(str(name));
    bkt_str text{nullptr, 0};
    const bkt_rc rc =
        engine_of(*opened).recipe(opened->self, a.call.raw(), parts.data(), parts.size(), &text);
    return a.call.reply(rc, rc == BKT_OK ? json{{"text", view(text)}} : json());
}

// ---- validator ----
json validator(Asked& a) {
    const auto opened = a.instance(BKT_KIND_ENGINE, true);
    const auto name = wire::text(a.args, "name"), type = wire::text(a.args, "media_type");
    const bkt_tap* tap = nullptr;
    const bkt_rc rc = engine_of(*opened).validator(
        opened->self, a.call.raw(), str(name), str(type),
        static_cast<std::uint32_t>(wire::number(a.args, "flags")), &tap);
    if (rc != BKT_OK) return a.call.reply(rc);
    if (!tap) {
        a.call.raw()->fail(a.call.raw(), BKT_BUG, str("it gave no validator and did not say why"),
                           str(""), 0);
        return a.call.reply(BKT_BUG);
    }
    const auto tail = BKT_HAS(tap, bkt_tap, tail_bytes) ? tap->tail_bytes : 0;
    const auto id = a.server.add(std::make_shared<OpenTap>(tap, a.server.keep_for_tap(a.args)));
    return a.call.reply(BKT_OK, {{"tap", id}, {"tail_bytes", tail}});
}

json open_tap(Asked& a) {
    const auto tap = a.server.find_tap(wire::number(a.args, "tap"), false);
    if (!tap || a.fds.empty() || !tap->start(a.server, a.call, std::move(a.fds[0])))
        throw std::runtime_error("no such validator, or it is fed already");
    return a.call.reply(BKT_OK);
}

json finish_tap(Asked& a) {
    const auto tap = a.server.find_tap(wire::number(a.args, "tap"), false);
    if (!tap) throw std::runtime_error("no such validator");
    return tap->finish(a.server, a.call, wire::number(a.args, "bytes"));
}

constexpr MethodRow kEngineMethods[] = {
    {"engine.recognise", &recognise}, {"engine.plan", &plan},      {"engine.dump", &dump},
    {"engine.restore", &restore},     {"engine.recipe", &recipe},  {"engine.validator", &validator},
    {"tap.open", &open_tap},          {"tap.finish", &finish_tap},
};

}  // namespace

std::span<const MethodRow> engine_methods() { return kEngineMethods; }

}  // namespace bkt::plugin_host
