// detail/http_run.hpp: how Http talks to the http service, and what a status means.
#pragma once

#include <charconv>

#include "baktainer/detail/capture.hpp"
#include "baktainer/http.hpp"

namespace bkt::detail {

inline void http_status(const bkt_http_report* report, std::uint32_t status) noexcept {
    static_cast<Reported<HttpAnswer>*>(report->ctx)->value.status = status;
}

inline void http_header(const bkt_http_report* report, bkt_str name, bkt_str value) noexcept {
    static_cast<Reported<HttpAnswer>*>(report->ctx)->take([&](HttpAnswer& answer) {
        answer.headers.emplace_back(std::string(view(name)), std::string(view(value)));
    });
}

// Retry-After in seconds (RFC 9110, 10.2.3); the form with a date counts as unknown.
inline std::uint64_t retry_after_ms(const HttpAnswer& answer) {
    const auto text = answer.header("retry-after");
    std::uint32_t seconds = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    return ec == std::errc() && end == text.data() + text.size() ? std::uint64_t{seconds} * 1000
                                                                 : 0;
}

}  // namespace bkt::detail

namespace bkt {

inline Result<HttpAnswer> Http::answer() {
    const auto* service = call_.service<bkt_http>(BKT_SERVICE_HTTP);
    if (!service) return Call::not_granted(BKT_SERVICE_HTTP);

    std::vector<bkt_pair> headers;
    for (const auto& [name, value] : headers_) headers.push_back({str(name), str(value)});
    detail::TextSource text{text_.value_or("")};
    const bkt_source text_source = text.raw();
    detail::Capture capture{capture_, capture_max_, false};
    const bkt_sink capture_sink = capture.raw();
    detail::Reported<HttpAnswer> answer;
    bkt_http_request request{};
    request.size = sizeof request;
    request.flags = capture_ ? 0u : static_cast<std::uint32_t>(BKT_HTTP_OUT_OF_SUCCESS);
    request.method = str(method_);
    request.url = str(url_);
    request.headers = headers.data();
    request.header_count = headers.size();
    request.body = text_ ? &text_source : source_;
    request.out = capture_ ? &capture_sink : out_;
    request.timeout_ms = timeout_ms_;

    const bkt_http_report report{sizeof report, 0, &answer, &detail::http_status,
                                 &detail::http_header};
    const bkt_rc rc = service->run(call_.host(), call_.raw(), &request, &report);
    for (auto& [name, value] : headers_) detail::wipe(value);
    detail::wipe(url_);
    if (answer.is_cut || capture.is_cut) return detail::out_of_memory();
    if (rc != BKT_OK) return Call::passed_on(rc, method_);
    return std::move(answer.value);
}

inline Error Http::failure(const HttpAnswer& answer) {
    const auto said = "the server answered " + std::to_string(answer.status);
    switch (answer.status) {
        case 401:
        case 403: return {Code::denied, said, "check the credentials"};
        case 404:
        case 410: return {Code::not_found, said, "check the address"};
        case 409:
        case 412: return {Code::conflict, said};
        case 507: return {Code::no_space, said};
        default: break;
    }
    if (answer.status == 408 || answer.status == 425 || answer.status == 429 ||
        answer.status >= 500) {
        Error later{Code::unavailable, said, "look at the server if it lasts"};
        later.retry_after_ms = detail::retry_after_ms(answer);
        return later;
    }
    if (answer.status >= 300 && answer.status < 400)
        return {Code::invalid, said, "redirects are not followed: configure the final address"};
    return {Code::invalid, said, "check the address and what it expects"};
}

inline Status Http::run() {
    BKT_LET(const HttpAnswer got, answer());
    if (!got.ok()) return failure(got);
    return {};
}

}  // namespace bkt
