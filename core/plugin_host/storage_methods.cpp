// Calls into a store.
#include "baktainer/abi/kinds/storage.h"
#include "baktainer/call.hpp"
#include "core/plugin_host/emitter.hpp"
#include "core/plugin_host/server.hpp"

namespace bkt::plugin_host {

namespace {

const bkt_storage_ops& storage_of(const Opened& opened) {
    return *static_cast<const bkt_storage_ops*>(opened.component->ops);
}

bkt_rc object(const bkt_object_out* out, const bkt_object* o) noexcept {
    try {
        return static_cast<Emitter*>(out->ctx)->emit({{"key", view(o->key)},
                                                      {"size_bytes", o->size_bytes},
                                                      {"modified_ns", o->modified_ns}});
    } catch (...) {
        return BKT_BUG;
    }
}

json put(Asked& a) {
    const auto opened = a.instance(BKT_KIND_STORAGE);
    const auto key = wire::text(a.args, "key");
    return a.call.reply(
        storage_of(*opened).put(opened->self, a.call.raw(), str(key),
                                static_cast<std::uint32_t>(wire::number(a.args, "flags")),
                                a.call.source(wire::at(a.args, "source"))));
}

json get(Asked& a) {
    const auto opened = a.instance(BKT_KIND_STORAGE);
    const auto key = wire::text(a.args, "key");
    return a.call.reply(storage_of(*opened).get(
        opened->self, a.call.raw(), str(key), wire::number(a.args, "offset"),
        wire::number(a.args, "length"), a.call.sink(wire::at(a.args, "sink"))));
}

json stat(Asked& a) {
    const auto opened = a.instance(BKT_KIND_STORAGE);
    const auto key = wire::text(a.args, "key");
    Emitter emitter(a.call);
    const bkt_object_out out{sizeof out, 0, &emitter, &object};
    return a.call.reply(
        emitter.end(storage_of(*opened).stat(opened->self, a.call.raw(), str(key), &out)));
}

json list(Asked& a) {
    const auto opened = a.instance(BKT_KIND_STORAGE);
    const auto prefix = wire::text(a.args, "prefix");
    Emitter emitter(a.call);
    const bkt_object_out out{sizeof out, 0, &emitter, &object};
    return a.call.reply(
        emitter.end(storage_of(*opened).list(opened->self, a.call.raw(), str(prefix), &out)));
}

json remove(Asked& a) {
    const auto opened = a.instance(BKT_KIND_STORAGE);
    const auto key = wire::text(a.args, "key");
    return a.call.reply(storage_of(*opened).remove(opened->self, a.call.raw(), str(key)));
}

json sweep(Asked& a) {
    const auto opened = a.instance(BKT_KIND_STORAGE);
    const auto prefix = wire::text(a.args, "prefix");
    std::uint64_t removed = 0;
    const bkt_rc rc = storage_of(*opened).sweep(opened->self, a.call.raw(), str(prefix), &removed);
    return a.call.reply(rc, {{"removed", removed}});
}

json free_bytes(Asked& a) {
    const auto opened = a.instance(BKT_KIND_STORAGE);
    std::uint64_t bytes = 0;
    const bkt_rc rc = storage_of(*opened).free_bytes(opened->self, a.call.raw(), &bytes);
    return a.call.reply(rc, {{"bytes", bytes}});
}

constexpr MethodRow kStorageMethods[] = {
    {"storage.put", &put},
    {"storage.get", &get},
    {"storage.stat", &stat},
    {"storage.list", &list},
    {"storage.remove", &remove},
    {"storage.sweep", &sweep},
    {"storage.free_bytes", &free_bytes},
};

}  // namespace

std::span<const MethodRow> storage_methods() { return kStorageMethods; }

}  // namespace bkt::plugin_host
