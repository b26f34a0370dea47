// bkt_storage_ops of an isolated store.
#include "baktainer/call.hpp"
#include "core/plugin/call_context.hpp"
#include "core/plugin/worker/tables.hpp"

namespace bkt::plugin::worker {

using wire::json;

namespace {

// Objects come in batches; the host may end the listing at any of them.
bkt_rc emit(const json& objects, const bkt_object_out* out) {
    for (const auto& said : objects) {
        const auto key = wire::text(said, "key");
        const bkt_object object{sizeof object, 0, str(key), wire::number(said, "size_bytes"),
                                wire::integer(said, "modified_ns")};
        if (const bkt_rc rc = out->object(out, &object); rc != BKT_OK) return rc;
    }
    return BKT_OK;
}

bkt_rc emitting(Op& op, const char* method, json arguments, const bkt_object_out* out) {
    op.on("emit", [out](auto& m) {
        return wire::Reply{{{"rc", emit(wire::list(m.body, "items"), out)}}, {}};
    });
    return op.run(method, std::move(arguments));
}

bkt_rc put(void* self, const bkt_call* call, bkt_str key, std::uint32_t flags,
           const bkt_source* source) noexcept {
    return on(self, call, [&](Instance& instance, Op& op) {
        const bkt_rc rc = op.run("storage.put", {{"instance", instance.id},
                                                 {"key", view(key)},
                                                 {"flags", flags},
                                                 {"source", op.lend(source)}});
        if (rc != BKT_OK || !op.left_unread()) return rc;
        return fail_call(call, {Code::fault,
                                "plugin '" + instance.worker->image().module + "' said it has '" +
                                    std::string(view(key)) + "' before it had read all of it",
                                "report it to its author"});
    });
}

bkt_rc get(void* self, const bkt_call* call, bkt_str key, std::uint64_t offset,
           std::uint64_t length, const bkt_sink* sink) noexcept {
    return on(self, call, [&](Instance& instance, Op& op) {
        return op.run("storage.get", {{"instance", instance.id},
                                      {"key", view(key)},
                                      {"offset", offset},
                                      {"length", length},
                                      {"sink", op.lend(sink)}});
    });
}

bkt_rc stat(void* self, const bkt_call* call, bkt_str key, const bkt_object_out* out) noexcept {
    return on(self, call, [&](Instance& instance, Op& op) {
        return emitting(op, "storage.stat", {{"instance", instance.id}, {"key", view(key)}}, out);
    });
}

bkt_rc list(void* self, const bkt_call* call, bkt_str prefix, const bkt_object_out* out) noexcept {
    return on(self, call, [&](Instance& instance, Op& op) {
        return emitting(op, "storage.list", {{"instance", instance.id}, {"prefix", view(prefix)}},
                        out);
    });
}

bkt_rc remove(void* self, const bkt_call* call, bkt_str key) noexcept {
    return on(self, call, [&](Instance& instance, Op& op) {
        return op.run("storage.remove", {{"instance", instance.id}, {"key", view(key)}});
    });
}

bkt_rc sweep(void* self, const bkt_call* call, bkt_str prefix, std::uint64_t* removed) noexcept {
    return on(self, call, [&](Instance& instance, Op& op) {
        json out;
        const bkt_rc rc =
            op.run("storage.sweep", {{"instance", instance.id}, {"prefix", view(prefix)}}, &out);
        *removed = wire::number(out, "removed");
        return rc;
    });
}

bkt_rc free_bytes(void* self, const bkt_call* call, std::uint64_t* bytes) noexcept {
    return on(self, call, [&](Instance& instance, Op& op) {
        json out;
        const bkt_rc rc = op.run("storage.free_bytes", {{"instance", instance.id}}, &out);
        *bytes = wire::number(out, "bytes");
        return rc;
    });
}

}  // namespace

bkt_storage_ops storage_table(OpenFn open) {
    return {sizeof(bkt_storage_ops),
            0,
            open,
            &close_instance,
            &put,
            &get,
            &stat,
            &list,
            &remove,
            &sweep,
            &free_bytes,
            &health,
            nullptr};
}

}  // namespace bkt::plugin::worker
