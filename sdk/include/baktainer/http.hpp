// http.hpp: one HTTP request by the host's client, as a builder: method and URL first, then header, body,
// out, run(). Its TLS, proxy and CA settings are the operator's; redirects are not followed.
#pragma once

#include <utility>

#include "baktainer/abi/services/http.h"
#include "baktainer/stream.hpp"

namespace bkt {

struct HttpAnswer {
    std::uint32_t status = 0;
    std::vector<std::pair<std::string, std::string>> headers;  // names in lower case

    bool ok() const { return status >= 200 && status < 300; }
    // The first of that name (lower case); empty when there is none.
    std::string_view header(std::string_view name) const {
        for (const auto& [key, value] : headers)
            if (key == name) return value;
        return {};
    }
};

class Http final {
public:
    Http(const Call& call, std::string_view method, std::string_view url)
        : call_(call), method_(method), url_(url) {}

    // The value may be a secret: it is wiped after the run and never logged.
    Http& header(std::string_view name, std::string_view value) {
        headers_.emplace_back(std::string(name), std::string(value));
        return *this;
    }
    Http& bearer(std::string_view token) {
        return header("Authorization", "Bearer " + std::string(token));
    }
    // Borrowed until run().
    Http& body(std::string_view text, std::string_view media_type) {
        text_ = text;
        return header("Content-Type", media_type);
    }
    Http& json(std::string_view text) { return body(text, "application/json"); }
    Http& body(const Source& source) {
        source_ = source.raw();
        return *this;
    }
    // Takes the body of a 2xx answer; that of any other is discarded, for it is not what was asked for.
    Http& out(const Sink& sink) {
        out_ = sink.raw();
        return *this;
    }
    // Collects the answer's body, of whatever status; more than `bytes_max` is an error.
    Http& capture(std::string& text, std::size_t bytes_max = 1 << 20) {
        capture_ = &text;
        capture_max_ = bytes_max;
        return *this;
    }
    Http& timeout_ms(std::uint64_t ms) {
        timeout_ms_ = ms;
        return *this;
    }

    // The answer whatever its status. Fails when none came or its body was cut.
    Result<HttpAnswer> answer();
    // Fails on any status but 2xx too, in the category of failure().
    Status run();
    // A status as the error run() would give: what a caller can do about it.
    static Error failure(const HttpAnswer& answer);

private:
    Call call_;
    std::string method_;
    std::string url_;
    std::vector<std::pair<std::string, std::string>> headers_;
    std::optional<std::string_view> text_;
    const bkt_source* source_ = nullptr;
    const bkt_sink* out_ = nullptr;
    std::string* capture_ = nullptr;
    std::size_t capture_max_ = 0;
    std::uint64_t timeout_ms_ = 0;
};

inline Http Call::http(std::string_view method, std::string_view url) const {
    return {*this, method, url};
}
inline Status Call::post(std::string_view url, std::string_view json) const {
    return http("POST", url).json(json).run();
}

}  // namespace bkt

#include "baktainer/detail/http_run.hpp"
