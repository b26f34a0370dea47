// webhook_notifier.hpp: POSTs each event as JSON to one address, with a bearer token and a signature where
// they are configured.
#pragma once

#include "baktainer/notifier.hpp"
#include "baktainer/schema.hpp"

namespace bkt::webhook {

class WebhookNotifier final : public Notifier {
public:
    static constexpr const char* kTitle = "POSTs events as JSON";
    static constexpr std::array needs{BKT_SERVICE_HTTP, BKT_SERVICE_SECRET, BKT_SERVICE_METRICS};
    static Schema config() {
        return {text("url", "Where to POST: an http:// or https:// address").required(),
                secret("token", "Sent as 'Authorization: Bearer ...'"),
                secret("signing_key",
                       "Key of the X-Baktainer-Signature header, an HMAC-SHA256 of "
                       "the body")};
    }

    explicit WebhookNotifier(std::string url) : url_(std::move(url)) {}
    // Code::invalid for a URL that is none.
    static Result<std::unique_ptr<WebhookNotifier>> create(Call& call);

    Status notify(Call& call, const Event& event) override;
    Result<std::string> health(Call& call) override;

private:
    std::string url_;  // its path may be a secret: never shown
};

}  // namespace bkt::webhook
