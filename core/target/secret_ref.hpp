// target/secret_ref.hpp: where a secret is, as users write it: "env:NAME", "file:/path", ...
#pragma once

#include <string>
#include <string_view>

#include "baktainer/result.hpp"

namespace bkt::target {

struct SecretRef {
    enum class Where { target_env, target_file, host_file, credential } where;
    std::string name;  // variable, absolute path, or credential
};

// Code::invalid for anything else. "docker-secret:NAME" is target_file /run/secrets/NAME.
Result<SecretRef> parse_secret_ref(std::string_view text);

}  // namespace bkt::target
