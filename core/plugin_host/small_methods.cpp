// Calls into a notifier, a hook, a secrets provider, a transform.
#include <sys/mman.h>

#include "baktainer/abi/kinds/hook.h"
#include "baktainer/abi/kinds/notifier.h"
#include "baktainer/abi/kinds/secrets.h"
#include "baktainer/abi/kinds/transform.h"
#include "baktainer/call.hpp"
#include "core/plugin_host/server.hpp"

namespace bkt::plugin_host {

namespace {

template <class Ops>
const Ops& ops_of(const Opened& opened) {
    return *static_cast<const Ops*>(opened.component->ops);
}

// ---- notifier ----
struct Events {
    struct Words {
        std::string key, type, title, text, json;
        bkt_event raw{};
    };
    std::vector<std::unique_ptr<Words>> all;
    std::vector<const bkt_event*> raw;
    explicit Events(const json& list) {
        for (const auto& said : list) {
            auto& w = *all.emplace_back(std::make_unique<Words>());
            w.key = wire::text(said, "key"), w.type = wire::text(said, "type");
            w.title = wire::text(said, "title"), w.text = wire::text(said, "text");
            w.json = wire::text(said, "json");
            w.raw = {sizeof w.raw,
                     0,
                     static_cast<std::int32_t>(wire::integer(said, "severity")),
                     0,
                     wire::integer(said, "time_ns"),
                     str(w.key),
                     str(w.type),
                     str(w.title),
                     str(w.text),
                     str(w.json)};
            raw.push_back(&w.raw);
        }
    }
};

json notify(Asked& a) {
    const auto opened = a.instance(BKT_KIND_NOTIFIER);
    const Events events(wire::list(a.args, "events"));
    if (events.raw.size() != 1) return a.call.reply(BKT_BUG);
    return a.call.reply(
        ops_of<bkt_notifier_ops>(*opened).notify(opened->self, a.call.raw(), events.raw[0]));
}

json digest(Asked& a) {
    const auto opened = a.instance(BKT_KIND_NOTIFIER);
    const auto& ops = ops_of<bkt_notifier_ops>(*opened);
    const Events events(wire::list(a.args, "events"));
    if (BKT_HAS(&ops, bkt_notifier_ops, digest) && ops.digest)
        return a.call.reply(
            ops.digest(opened->self, a.call.raw(), events.raw.data(), events.raw.size()));
    for (const auto* event : events.raw)
        if (const bkt_rc rc = ops.notify(opened->self, a.call.raw(), event); rc != BKT_OK)
            return a.call.reply(rc);
    return a.call.reply(BKT_OK);
}

// ---- hook ----
struct Decided {
    json out{{"annotations", json::array()}};
    static json& of(const bkt_hook_out* o) { return static_cast<Decided*>(o->ctx)->out; }
    static void decide(const bkt_hook_out* o, std::int32_t decision, bkt_str reason) noexcept {
        try {
            of(o)["decision"] = decision, of(o)["reason"] = view(reason);
        } catch (...) {
        }
    }
    static void annotate(const bkt_hook_out* o, bkt_str key, bkt_str value) noexcept {
        try {
            of(o)["annotations"].push_back({{"key", view(key)}, {"value", view(value)}});
        } catch (...) {
        }
    }
};

json hook(Asked& a, bool before) {
    const auto opened = a.instance(BKT_KIND_HOOK);
    const auto& ops = ops_of<bkt_hook_ops>(*opened);
    const auto step = before ? ops.before : ops.after;
    Decided into;
    if (!step) return a.call.reply(BKT_OK, std::move(into.out));
    const auto target = wire::text(a.args, "target"), job = wire::text(a.args, "job"),
               backup = wire::text(a.args, "backup"), text = wire::text(a.args, "json");
    const bkt_hook_event event{sizeof event,
                               0,
                               static_cast<std::int32_t>(wire::integer(a.args, "phase")),
                               wire::code(a.args, "outcome"),
                               str(target),
                               str(job),
                               str(backup),
                               str(text)};
    const bkt_hook_out out{sizeof out, 0, &into, &Decided::decide, &Decided::annotate};
    const bkt_rc rc = step(opened->self, a.call.raw(), &event, &out);
    return a.call.reply(rc, std::move(into.out));
}
json before(Asked& a) { return hook(a, true); }
json after(Asked& a) { return hook(a, false); }

// ---- secrets ----
bkt_rc value(const bkt_secret_out* out, const void* bytes, std::uint64_t len,
             std::uint64_t ttl_s) noexcept {
    try {
        const UniqueFd file(::memfd_create("secret", MFD_CLOEXEC));
        if (!file || !wire::write_all(file.get(), bytes, len)) return BKT_UNAVAILABLE;
        const int fd = file.get();
        return wire::code(
            static_cast<OpCall*>(out->ctx)->ask("secret.value", {{"ttl_s", ttl_s}}, {&fd, 1}).body);
    } catch (...) {
        return BKT_BUG;
    }
}

json resolve(Asked& a) {
    const auto opened = a.instance(BKT_KIND_SECRETS);
    const auto ref = wire::text(a.args, "ref");
    const bkt_secret_out out{sizeof out, 0, &a.call, &value};
    return a.call.reply(
        ops_of<bkt_secrets_ops>(*opened).resolve(opened->self, a.call.raw(), str(ref), &out));
}

// ---- transform ----
json caps(Asked& a) {
    const auto opened = a.instance(BKT_KIND_TRANSFORM);
    std::uint64_t caps = 0;
    const bkt_rc rc = ops_of<bkt_transform_ops>(*opened).caps(opened->self, a.call.raw(), &caps);
    return a.call.reply(rc, {{"caps", caps}});
}

bkt_rc header(const bkt_header_out* out, const void* bytes, std::uint64_t len) noexcept {
    try {
        const auto* at = static_cast<const std::uint8_t*>(bytes);
        return wire::code(
            static_cast<OpCall*>(out->ctx)
                ->ask("header", {{"bytes", json::binary(std::vector<std::uint8_t>(at, at + len))}})
                .body);
    } catch (...) {
        return BKT_BUG;
    }
}

json encode(Asked& a) {
    const auto opened = a.instance(BKT_KIND_TRANSFORM);
    const bkt_header_out out{sizeof out, 0, &a.call, &header};
    return a.call.reply(ops_of<bkt_transform_ops>(*opened).encode(
        opened->self, a.call.raw(), a.call.source(wire::at(a.args, "source")),
        a.call.sink(wire::at(a.args, "sink")), &out));
}

json decode(Asked& a) {
    const auto opened = a.instance(BKT_KIND_TRANSFORM);
    const json& said = wire::at(a.args, "header");
    std::vector<std::uint8_t> bytes;
    if (said.is_binary()) bytes = said.get_binary();
    return a.call.reply(ops_of<bkt_transform_ops>(*opened).decode(
        opened->self, a.call.raw(), bytes.data(), bytes.size(),
        a.call.source(wire::at(a.args, "source")), a.call.sink(wire::at(a.args, "sink"))));
}

constexpr MethodRow kSmallMethods[] = {
    {"notifier.notify", &notify},  {"notifier.digest", &digest},  {"hook.before", &before},
    {"hook.after", &after},        {"secrets.resolve", &resolve}, {"transform.caps", &caps},
    {"transform.encode", &encode}, {"transform.decode", &decode},
};

}  // namespace

std::span<const MethodRow> small_methods() { return kSmallMethods; }

}  // namespace bkt::plugin_host
