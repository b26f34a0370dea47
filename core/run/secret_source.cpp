#include "core/run/secret_source.hpp"

#include <fcntl.h>

#include <cerrno>
#include <cstring>

#include "baktainer/call.hpp"
#include "baktainer/unique_fd.hpp"
#include "core/config/settings.hpp"
#include "core/target/secret_ref.hpp"

namespace bkt::run {

namespace {

constexpr std::size_t kMaxSecretBytes = 64 * 1024;

Result<std::string> read_bounded(const std::string& path) {
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

struct Catcher {
    std::string text{};
    std::int32_t exit_code = -1;
    static bkt_rc write(const bkt_sink* sink, const void* bytes, std::uint64_t len) noexcept {
        auto& text = static_cast<Catcher*>(sink->ctx)->text;
        if (text.size() + len > kMaxSecretBytes) return BKT_INVALID;
        try {
            text.append(static_cast<const char*>(bytes), len);
            return BKT_OK;
        } catch (...) {
            return BKT_BUG;
        }
    }
    static void exited(const bkt_exec_report* report, const bkt_exec_result* result) noexcept {
        static_cast<Catcher*>(report->ctx)->exit_code = result->exit_code;
    }
};

// Reads a file where the target's tools see it.
Result<base::Secret> from_target_file(const bkt_call* call, const target::Target& target,
                                      const Source& source, const std::string& path) {
    if (target.host_files) {
        BKT_LET(std::string content, read_bounded(path));
        return target::trimmed_secret(std::move(content), "'" + path + "'");
    }
    Catcher catcher;
    const bkt_str argv[] = {str("cat"), str("--"), str(path)};
    const bkt_sink sink{sizeof sink, 0, &catcher, &Catcher::write, nullptr, nullptr};
    const bkt_exec_report report{sizeof report, 0, &catcher, &Catcher::exited};
    bkt_exec_request request{};
    request.size = sizeof request;
    request.target = str(target.id);
    request.argv = argv;
    request.argc = 3;
    request.out = &sink;
    const bkt_rc rc = source.exec(call, &request, &report);
    if (rc != BKT_OK) return Error{static_cast<Code>(rc), ""};
    if (catcher.exit_code != 0)
        return Error{Code::not_found,
                     "cannot read the secret file '" + path + "' in '" + target.name + "'",
                     "check the path, and that the container's user may read it"};
    return target::trimmed_secret(std::move(catcher.text),
                                  "'" + path + "' of '" + target.name + "'");
}

Result<base::Secret> from_credential(const std::string& name) {
    const auto env = config::process_environment();
    const auto dir = env.find("CREDENTIALS_DIRECTORY");
    if (dir == env.end() || name.find('/') != name.npos)
        return Error{Code::not_found, "no systemd credential '" + name + "'",
                     "give the service LoadCredential=" + name + ":/path"};
    BKT_LET(std::string content, read_bounded(dir->second + "/" + name));
    return target::trimmed_secret(std::move(content), "credential '" + name + "'");
}

}  // namespace

std::function<Result<base::Secret>(const bkt_call*, std::string_view)> secret_source(
    const target::Target& target, const Source& source,
    const std::map<std::string, std::string>& settings, const base::Secret& password) {
    const auto value = [&](const char* key) {
        const auto found = settings.find(key);
        return found == settings.end() ? std::string() : found->second;
    };
    const std::string reference =
        value("db.secret").empty() ? value("db.password") : value("db.secret");
    return [&target, &source, reference, password](const bkt_call* call,
                                                   std::string_view key) -> Result<base::Secret> {
        if (key != "db.password") return base::Secret();
        if (!password.empty()) return password;
        if (reference.empty()) return base::Secret();
        BKT_LET(const auto ref, target::parse_secret_ref(reference));
        switch (ref.where) {
            case target::SecretRef::Where::target_env: {
                const auto found = target.env.find(ref.name);
                if (found == target.env.end())
                    return Error{
                        Code::not_found,
                        "'" + target.name + "' has no environment variable '" + ref.name + "'",
                        "correct baktainer.db.secret"};
                return found->second;
            }
            case target::SecretRef::Where::target_file:
                return from_target_file(call, target, source, ref.name);
            case target::SecretRef::Where::host_file: {
                BKT_LET(std::string content, read_bounded(ref.name));
                return target::trimmed_secret(std::move(content), "'" + ref.name + "'");
            }
            case target::SecretRef::Where::credential: return from_credential(ref.name);
        }
        return base::Secret();
    };
}

}  // namespace bkt::run
