#include "core/run/secret_provider.hpp"

#include <optional>

#include "baktainer/call.hpp"

namespace bkt::run {

namespace {

constexpr std::uint64_t kMaxProvidedBytes = 64 * 1024;

struct SecretCollector {
    std::optional<ProvidedSecret> given{};

    static bkt_rc value(const bkt_secret_out* out, const void* bytes, std::uint64_t len,
                        std::uint64_t ttl_s) noexcept {
        auto& self = *static_cast<SecretCollector*>(out->ctx);
        if (self.given || len > kMaxProvidedBytes) return BKT_INVALID;
        try {
            self.given.emplace(ProvidedSecret{
                base::Secret(std::string(static_cast<const char*>(bytes), len)), ttl_s});
            return BKT_OK;
        } catch (...) {
            return BKT_BUG;
        }
    }
};

}  // namespace

Result<SecretProvider> SecretProvider::open(std::string name, const plugin::Component& component,
                                            plugin::Grants grants, const plugin::CallScope& scope) {
    auto opened = Opened::open(component, std::move(grants), scope);
    if (!opened) return std::move(opened).error().within("secrets '" + name + "'");
    return SecretProvider(std::move(name), *std::move(opened));
}

Result<ProvidedSecret> SecretProvider::resolve(const plugin::CallScope& scope,
                                               const std::string& ref) const {
    SecretCollector collector;
    const bkt_secret_out out{sizeof out, 0, &collector, &SecretCollector::value};
    auto asked = opened_.call(scope, [&](const auto& ops, void* self, const bkt_call* call) {
        return ops.resolve(self, call, str(ref), &out);
    });
    if (!asked) return std::move(asked).error().within("secrets '" + name_ + "'");
    if (!collector.given)
        return Error{Code::fault,
                     "plugin '" + opened_.plugin() + "' gave no secret and did not say why"};
    if (collector.given->value.empty())
        return Error{Code::invalid, "secrets '" + name_ + "': '" + ref + "' is empty",
                     "write the password there, or correct the reference"};
    return *std::move(collector.given);
}

}  // namespace bkt::run
