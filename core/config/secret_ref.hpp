// config/secret_ref.hpp: where a secret is, as users write it: "env:NAME", "file:/path", ... Spelling only:
// nothing is read here, and no message repeats the text, because people write the secret itself there.
#pragma once

#include <string>
#include <string_view>

#include "baktainer/result.hpp"

namespace bkt::config {

struct SecretRef {
    enum class Where { target_env, target_file, host_file, credential, provider } where;
    std::string name;      // variable, absolute path, credential, or what the provider is asked for
    std::string provider;  // for Where::provider: the secrets plugin's name
};

inline constexpr const char* kSecretRefForms =
    "write env:VAR, file:/path, docker-secret:NAME, host-file:/path, credential:NAME or "
    "PROVIDER:NAME";

// Code::invalid for anything else. "docker-secret:NAME" is target_file /run/secrets/NAME.
Result<SecretRef> parse_secret_ref(std::string_view text);

// 1-64 letters, digits, '.', '_', '-', not starting with '.' or '-'.
bool is_slug(std::string_view text);

}  // namespace bkt::config
