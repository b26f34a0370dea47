#include "plugins/notifiers/webhook/webhook_notifier.hpp"

#include "baktainer/hash.hpp"

namespace bkt::webhook {

namespace {

// Scheme and host of a URL, which are what may be shown of it; empty when it is no web address.
std::string server_of(std::string_view url) {
    const auto scheme_end = url.find("://");
    if (scheme_end == url.npos) return {};
    const auto scheme = url.substr(0, scheme_end);
    if (scheme != "http" && scheme != "https") return {};
    auto rest = url.substr(scheme_end + 3);
    rest = rest.substr(0, rest.find_first_of("/?#"));
    if (const auto at = rest.rfind('@'); at != rest.npos) rest.remove_prefix(at + 1);
    if (rest.empty()) return {};
    return std::string(scheme) + "://" + std::string(rest);
}

}  // namespace

Result<std::unique_ptr<WebhookNotifier>> WebhookNotifier::create(Call& call) {
    auto url = call.config("url");
    if (server_of(url).empty())
        return Error{Code::invalid, "'url' is not a web address", "write it as https://host/path"};
    return std::make_unique<WebhookNotifier>(std::move(url));
}

Status WebhookNotifier::notify(Call& call, const Event& event) {
    auto request = call.http("POST", url_);
    request.json(event.json()).header("Idempotency-Key", event.key());
    BKT_LET(const auto token, call.secret("token"));
    if (!token.empty()) request.bearer(token);
    BKT_LET(const auto key, call.secret("signing_key"));
    if (!key.empty()) {
        BKT_LET(auto mac, call.hmac("sha256", key));
        request.header("X-Baktainer-Signature", "sha256=" + mac.add(event.json()).hex());
    }
    const Status done = request.run();
    call.metric_add(done ? "delivered_total" : "failed_total");
    return done;
}

Result<std::string> WebhookNotifier::health(Call& call) {
    BKT_LET(const auto token, call.secret("token"));
    BKT_LET(const auto key, call.secret("signing_key"));
    return "POSTs to " + server_of(url_) + (token.empty() ? "" : ", with a token") +
           (key.empty() ? "" : ", signed");
}

}  // namespace bkt::webhook
