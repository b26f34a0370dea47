// bkt.secret/1: resolves a secret at the moment of use. The plugin's copy lies in the call's own memory,
// which is cleansed when the call is over.
#include "core/plugin/instance_host.hpp"
#include "core/plugin/services/guarded.hpp"
#include "core/plugin/services/table.hpp"

namespace bkt::plugin::services {

namespace {

bkt_rc resolve(const bkt_host* host, const bkt_call* call, bkt_str key, bkt_str* value) noexcept {
    return guarded(call, [&]() -> Status {
        const auto& grants = InstanceHost::of(host).grants();
        *value = {nullptr, 0};
        if (!grants.secret) return {};
        BKT_LET(const base::Secret secret, grants.secret(call, view(key)));
        if (secret.empty()) return {};
        grants.scrubber->add(secret);
        BKT_LET(*value, lend(call, secret.reveal()));
        return {};
    });
}

}  // namespace

const bkt_secret kSecret = {sizeof kSecret, 0, &resolve};

}  // namespace bkt::plugin::services
