// detail/storage_ops.hpp: bkt_storage_ops over a class derived from bkt::Storage.
#pragma once

#include "baktainer/detail/thunk.hpp"
#include "baktainer/storage.hpp"

namespace bkt::detail {

inline ObjectOut object_out(const bkt_object_out* out) {
    return [out](const Object& o) -> Status {
        const bkt_object raw{sizeof raw, 0, str(o.key), o.size_bytes, o.modified_ns};
        if (const bkt_rc rc = out->object(out, &raw); rc != BKT_OK)
            return Call::passed_on(rc, o.key);
        return {};
    };
}

template <class T>
struct StorageOps {
    static bkt_rc put(void* self, const bkt_call* raw, bkt_str key, std::uint32_t flags,
                      const bkt_source* source) noexcept {
        return on<T>(self, raw, [&](T& store, Call& call) {
            return store.put(call, std::string(view(key)), (flags & BKT_PUT_REPLACE) != 0,
                             Source(source));
        });
    }
    static bkt_rc get(void* self, const bkt_call* raw, bkt_str key, std::uint64_t offset,
                      std::uint64_t length, const bkt_sink* sink) noexcept {
        return on<T>(self, raw, [&](T& store, Call& call) {
            return store.get(call, std::string(view(key)), offset, length, Sink(sink));
        });
    }
    static bkt_rc stat(void* self, const bkt_call* raw, bkt_str key,
                       const bkt_object_out* out) noexcept {
        return on<T>(self, raw, [&](T& store, Call& call) {
            return store.stat(call, std::string(view(key)), object_out(out));
        });
    }
    static bkt_rc list(void* self, const bkt_call* raw, bkt_str prefix,
                       const bkt_object_out* out) noexcept {
        return on<T>(self, raw, [&](T& store, Call& call) {
            return store.list(call, std::string(view(prefix)), object_out(out));
        });
    }
    static bkt_rc remove(void* self, const bkt_call* raw, bkt_str key) noexcept {
        return on<T>(self, raw, [&](T& store, Call& call) {
            return store.remove(call, std::string(view(key)));
        });
    }
    static bkt_rc sweep(void* self, const bkt_call* raw, bkt_str prefix,
                        std::uint64_t* removed) noexcept {
        return on<T>(self, raw, [&](T& store, Call& call) -> Status {
            BKT_LET(*removed, store.sweep(call, std::string(view(prefix))));
            return {};
        });
    }
    static bkt_rc free_bytes(void* self, const bkt_call* raw, std::uint64_t* bytes) noexcept {
        return on<T>(self, raw, [&](T& store, Call& call) -> Status {
            BKT_LET(*bytes, store.free_bytes(call));
            return {};
        });
    }
    static constexpr bkt_storage_ops kOps = {sizeof(bkt_storage_ops),
                                             0,
                                             &open_instance<T>,
                                             &close_instance<T>,
                                             &put,
                                             &get,
                                             &stat,
                                             &list,
                                             &remove,
                                             &sweep,
                                             &free_bytes,
                                             &health_of<T>,
                                             extension_slot<T, Storage>()};
};

}  // namespace bkt::detail
