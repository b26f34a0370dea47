// bkt.kv/1: a little state that outlives the instance, in the component's own name space.
#include "core/plugin/facilities.hpp"
#include "core/plugin/instance_host.hpp"
#include "core/plugin/services/guarded.hpp"
#include "core/plugin/services/table.hpp"

namespace bkt::plugin::services {

namespace {

// Runs `body(store, owner)`.
template <class Body>
bkt_rc with_store(const bkt_host* host, const bkt_call* call, Body&& body) noexcept {
    return guarded(call, [&]() -> Status {
        const auto& grants = InstanceHost::of(host).grants();
        if (!grants.facilities)
            return Error{Code::unsupported, "this host keeps no state for plugins"};
        return body(grants.facilities->kv, grants.component);
    });
}

bkt_rc get(const bkt_host* host, const bkt_call* call, bkt_str key, bkt_str* value) noexcept {
    bool there = false;
    const bkt_rc rc = with_store(host, call, [&](KvStore& kv, const std::string& owner) -> Status {
        BKT_LET(const auto found, kv.get(owner, view(key)));
        there = found.has_value();
        if (!there) return {};
        BKT_LET(*value, lend(call, *found));
        return {};
    });
    // Not a failure to tell of: plugins ask for what may not be there.
    return rc == BKT_OK && !there ? bkt_rc{BKT_NOT_FOUND} : rc;
}

bkt_rc put(const bkt_host* host, const bkt_call* call, bkt_str key, bkt_str value) noexcept {
    return with_store(host, call, [&](KvStore& kv, const std::string& owner) {
        return kv.put(owner, view(key), view(value));
    });
}

bkt_rc swap(const bkt_host* host, const bkt_call* call, bkt_str key, bkt_str expected,
            bkt_str value) noexcept {
    return with_store(host, call, [&](KvStore& kv, const std::string& owner) {
        return kv.swap(owner, view(key),
                       expected.ptr ? std::optional(view(expected)) : std::nullopt, view(value));
    });
}

bkt_rc remove(const bkt_host* host, const bkt_call* call, bkt_str key) noexcept {
    return with_store(host, call, [&](KvStore& kv, const std::string& owner) {
        return kv.remove(owner, view(key));
    });
}

}  // namespace

const bkt_kv kKv = {sizeof kKv, 0, &get, &put, &swap, &remove};

}  // namespace bkt::plugin::services
