#include "core/run/secret_source.hpp"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <optional>

#include "baktainer/call.hpp"
#include "core/config/secret_ref.hpp"
#include "core/config/secret_value.hpp"

namespace bkt::run {

namespace {

constexpr std::size_t kMaxSecretBytes = 64 * 1024;

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
        BKT_LET(std::string content, config::read_secret_file(path));
        return config::trimmed_secret(std::move(content), "'" + path + "'");
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
    return config::trimmed_secret(std::move(catcher.text),
                                  "'" + path + "' of '" + target.name + "'");
}

// Providers make some secrets anew each time they are asked, so a run asks once.
class Provided final {
public:
    explicit Provided(ProviderFn ask) : ask_(std::move(ask)) {}
    Result<base::Secret> of(const config::SecretRef& ref) {
        const std::lock_guard lock(mutex_);
        if (value_.empty() || (good_until_ && Clock::now() >= *good_until_)) {
            if (!ask_)
                return Error{Code::unsupported, "no secrets provider answers here",
                             "correct baktainer.db.secret"};
            BKT_LET(auto given, ask_(ref.provider, ref.name));
            value_ = std::move(given.value);
            good_until_.reset();
            if (given.ttl_s > 0)
                good_until_ = Clock::now() + std::chrono::seconds(std::min(given.ttl_s, kLongest));
        }
        return value_;
    }

private:
    using Clock = std::chrono::steady_clock;
    static constexpr std::uint64_t kLongest = 86'400;  // a day: longer than a run

    ProviderFn ask_;
    std::mutex mutex_;
    base::Secret value_;
    std::optional<Clock::time_point> good_until_;  // nothing: for this run
};

}  // namespace

std::function<Result<base::Secret>(const bkt_call*, std::string_view)> secret_source(
    const target::Target& target, const Source& source,
    const std::map<std::string, std::string>& settings, const base::Secret& password,
    ProviderFn provider) {
    const auto value = [&](const char* key) {
        const auto found = settings.find(key);
        return found == settings.end() ? std::string() : found->second;
    };
    const std::string reference =
        value("db.secret").empty() ? value("db.password") : value("db.secret");
    const auto provided = std::make_shared<Provided>(std::move(provider));
    return [&target, &source, reference, password, provided](
               const bkt_call* call, std::string_view key) -> Result<base::Secret> {
        if (key != "db.password") return base::Secret();
        if (!password.empty()) return password;
        if (reference.empty()) return base::Secret();
        BKT_LET(const auto ref, config::parse_secret_ref(reference));
        switch (ref.where) {
            case config::SecretRef::Where::target_env: {
                const auto found = target.env.find(ref.name);
                if (found == target.env.end())
                    return Error{
                        Code::not_found,
                        "'" + target.name + "' has no environment variable '" + ref.name + "'",
                        "correct baktainer.db.secret"};
                return found->second;
            }
            case config::SecretRef::Where::target_file:
                return from_target_file(call, target, source, ref.name);
            case config::SecretRef::Where::host_file: {
                BKT_LET(std::string content, config::read_secret_file(ref.name));
                return config::trimmed_secret(std::move(content), "'" + ref.name + "'");
            }
            case config::SecretRef::Where::credential: return config::read_credential(ref.name);
            case config::SecretRef::Where::provider: return provided->of(ref);
        }
        return base::Secret();
    };
}

}  // namespace bkt::run
