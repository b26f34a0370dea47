#include "core/target/secret_ref.hpp"

namespace bkt::target {

Result<SecretRef> parse_secret_ref(std::string_view text) {
    using Where = SecretRef::Where;
    const auto colon = text.find(':');
    const auto scheme = text.substr(0, colon);
    const std::string rest(colon == text.npos ? std::string_view{} : text.substr(colon + 1));
    if (!rest.empty()) {
        if (scheme == "env") return SecretRef{Where::target_env, rest};
        if (scheme == "file" && rest.starts_with('/')) return SecretRef{Where::target_file, rest};
        if (scheme == "docker-secret") return SecretRef{Where::target_file, "/run/secrets/" + rest};
        if (scheme == "host-file" && rest.starts_with('/'))
            return SecretRef{Where::host_file, rest};
        if (scheme == "credential") return SecretRef{Where::credential, rest};
    }
    return Error{
        Code::invalid, "a reference to a secret is not readable",
        "write env:VAR, file:/path, docker-secret:NAME, host-file:/path or credential:NAME"};
}

}  // namespace bkt::target
