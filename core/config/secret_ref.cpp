#include "core/config/secret_ref.hpp"

#include <algorithm>

namespace bkt::config {

namespace {

// As environ(7) allows: no '=', and nothing a person would not see.
bool is_variable(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return c > 0x20 && c < 0x7f && c != '=';
    });
}

}  // namespace

bool is_slug(std::string_view text) {
    const auto ok = [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '_' || c == '-';
    };
    return !text.empty() && text.size() <= 64 && text.front() != '.' && text.front() != '-' &&
           std::all_of(text.begin(), text.end(), ok);
}

Result<SecretRef> parse_secret_ref(std::string_view text) {
    using Where = SecretRef::Where;
    const Error bad{Code::invalid, "is not a reference to a secret", kSecretRefForms};
    const auto colon = text.find(':');
    if (colon == text.npos || colon + 1 == text.size()) return bad;
    const auto scheme = text.substr(0, colon);
    const std::string rest(text.substr(colon + 1));
    const auto when = [&](bool good, Where where, std::string name) -> Result<SecretRef> {
        if (!good) return bad;
        return SecretRef{where, std::move(name), {}};
    };
    if (scheme == "env") return when(is_variable(rest), Where::target_env, rest);
    if (scheme == "file") return when(rest.starts_with('/'), Where::target_file, rest);
    if (scheme == "docker-secret")
        return when(is_slug(rest), Where::target_file, "/run/secrets/" + rest);
    if (scheme == "host-file") return when(rest.starts_with('/'), Where::host_file, rest);
    if (scheme == "credential") return when(is_slug(rest), Where::credential, rest);
    if (!is_slug(scheme)) return bad;
    return SecretRef{Where::provider, rest, std::string(scheme)};
}

}  // namespace bkt::config
