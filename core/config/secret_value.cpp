#include "core/config/secret_value.hpp"

#include <fcntl.h>

#include <cerrno>
#include <cstring>

#include "baktainer/unique_fd.hpp"
#include "core/config/settings.hpp"

namespace bkt::config {

namespace {

constexpr std::size_t kMaxSecretBytes = 64 * 1024;

struct Reference {
    std::string_view scheme, rest;
};

Reference split_reference(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == text.npos) return {};
    return {text.substr(0, colon), text.substr(colon + 1)};
}

}  // namespace

Result<std::string> read_secret_file(const std::string& path) {
    UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    std::string content(kMaxSecretBytes + 1, '\0');
    const ssize_t n = fd ? ::read(fd.get(), content.data(), content.size()) : -1;
    if (n < 0)
        return Error{errno == ENOENT ? Code::not_found : Code::denied,
                     "cannot read the secret file '" + path + "': " + std::strerror(errno),
                     "check the path and who may read it"};
    if (static_cast<std::size_t>(n) > kMaxSecretBytes)
        return Error{Code::invalid, "the secret file '" + path + "' is larger than 64 KiB"};
    content.resize(static_cast<std::size_t>(n));
    return content;
}

Result<base::Secret> trimmed_secret(std::string content, std::string_view where) {
    if (content.ends_with('\n')) content.pop_back();
    if (content.ends_with('\r')) content.pop_back();
    if (content.empty())
        return Error{Code::invalid, "the secret in " + std::string(where) + " is empty",
                     "write the password there, or remove the reference"};
    return base::Secret(std::move(content));
}

Result<base::Secret> read_credential(const std::string& name) {
    const auto env = process_environment();
    const auto dir = env.find("CREDENTIALS_DIRECTORY");
    if (dir == env.end() || name.find('/') != name.npos)
        return Error{Code::not_found, "no systemd credential '" + name + "'",
                     "give the service LoadCredential=" + name + ":/path"};
    BKT_LET(std::string content, read_secret_file(dir->second + "/" + name));
    return trimmed_secret(std::move(content), "credential '" + name + "'");
}

bool is_secret_reference(std::string_view reference) {
    const auto [scheme, rest] = split_reference(reference);
    return !rest.empty() && (scheme == "env" || scheme == "credential" ||
                             (scheme == "file" && rest.starts_with('/')));
}

Result<base::Secret> read_secret(std::string_view reference) {
    const auto [scheme, rest] = split_reference(reference);
    const std::string name(rest);
    if (scheme == "file") {
        BKT_LET(std::string content, read_secret_file(name));
        return trimmed_secret(std::move(content), "'" + name + "'");
    }
    if (scheme == "credential") return read_credential(name);
    const auto env = process_environment();
    const auto found = env.find(name);
    if (found == env.end())
        return Error{Code::not_found, "no environment variable '" + name + "'",
                     "set it for this program, or correct the reference"};
    return trimmed_secret(found->second, "the environment variable '" + name + "'");
}

}  // namespace bkt::config
