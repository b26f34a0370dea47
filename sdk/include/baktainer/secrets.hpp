// secrets.hpp: derive from bkt::Secrets to resolve references such as "vault:database/creds#password".
#pragma once

#include <array>
#include <span>

#include "baktainer/abi/kinds/secrets.h"
#include "baktainer/abi/services/events.h"
#include "baktainer/abi/services/metrics.h"
#include "baktainer/abi/services/secret.h"
#include "baktainer/detail/capture.hpp"
#include "baktainer/exec.hpp"
#include "baktainer/http.hpp"

namespace bkt {

// Wiped when it goes, whether the host has its copy or the provider failed after all.
struct SecretValue {
    std::string bytes;
    std::uint64_t ttl_s = 0;  // how long it may be used; 0 = for this run

    ~SecretValue() { detail::wipe(bytes); }
};

// The contract of each method is that of bkt_secrets_ops (abi/kinds/secrets.h). The rest as in
// notifier.hpp.
class Secrets {
public:
    static constexpr std::array needs{BKT_SERVICE_HTTP, BKT_SERVICE_EXEC, BKT_SERVICE_SECRET,
                                      BKT_SERVICE_METRICS, BKT_SERVICE_EVENTS};
    static constexpr std::span<const char* const> experimental{};

    virtual ~Secrets() = default;
    // `ref`: what follows the scheme. Errors name the reference, never a value.
    virtual Result<SecretValue> resolve(Call& call, std::string_view ref) = 0;
    virtual Result<std::string> health(Call&) { return std::string("not tested"); }
    virtual const void* extension(std::string_view) { return nullptr; }
};

}  // namespace bkt
