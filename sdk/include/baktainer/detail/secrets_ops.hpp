// detail/secrets_ops.hpp: bkt_secrets_ops over a class derived from bkt::Secrets.
#pragma once

#include "baktainer/detail/thunk.hpp"
#include "baktainer/secrets.hpp"

namespace bkt::detail {

template <class T>
struct SecretsOps {
    static bkt_rc resolve(void* self, const bkt_call* raw, bkt_str ref,
                          const bkt_secret_out* out) noexcept {
        return on<T>(self, raw, [&](T& secrets, Call& call) -> Status {
            BKT_LET(const SecretValue value, secrets.resolve(call, view(ref)));
            const bkt_rc rc = out->value(out, value.bytes.data(), value.bytes.size(), value.ttl_s);
            if (rc != BKT_OK) return Call::passed_on(rc, "handing over a secret");
            return {};
        });
    }
    static constexpr bkt_secrets_ops kOps = {
        sizeof(bkt_secrets_ops),     0,        &open_instance<T>,
        &close_instance<T>,          &resolve, &health_of<T>,
        extension_slot<T, Secrets>()};
};

}  // namespace bkt::detail
