// run/secret_provider.hpp: one configured secrets provider, over an instance of its plugin.
#pragma once

#include <cstdint>
#include <string>

#include "baktainer/abi/kinds/secrets.h"
#include "core/base/secret.hpp"
#include "core/plugin/instance.hpp"

namespace bkt::run {

struct ProvidedSecret {
    base::Secret value;
    std::uint64_t ttl_s = 0;  // how long it may be used; 0 = for this run
};

// Methods may be called on several threads at once.
class SecretProvider final {
public:
    static Result<SecretProvider> open(std::string name, const plugin::Component& component,
                                       plugin::Grants grants, const plugin::CallScope& scope);

    // `ref`: what follows "NAME:". An empty secret is Code::invalid, none at all the plugin's fault.
    Result<ProvidedSecret> resolve(const plugin::CallScope& scope, const std::string& ref) const;
    // Where it asks, or why it cannot.
    Result<std::string> health(const plugin::CallScope& scope) const {
        return opened_.health(scope);
    }

private:
    using Opened = plugin::Instance<bkt_secrets_ops>;
    SecretProvider(std::string name, Opened opened)
        : name_(std::move(name)), opened_(std::move(opened)) {}

    std::string name_;
    Opened opened_;
};

}  // namespace bkt::run
