// target/secret_ref.hpp: where a secret is, as users write it: "env:NAME", "file:/path", ...
#pragma once

#include <string>
#include <string_view>

#include "baktainer/result.hpp"
#include "core/base/secret.hpp"

namespace bkt::target {

struct SecretRef {
    enum class Where { target_env, target_file, host_file, credential } where;
    std::string name;  // variable, absolute path, or credential
};

// Code::invalid for anything else. "docker-secret:NAME" is target_file /run/secrets/NAME.
Result<SecretRef> parse_secret_ref(std::string_view text);

// One trailing newline is not part of a secret in a file; an empty secret is an error.
Result<base::Secret> trimmed_secret(std::string content, std::string_view where);

}  // namespace bkt::target
