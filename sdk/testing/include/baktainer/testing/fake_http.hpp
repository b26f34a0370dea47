// testing/fake_http.hpp: the web as a plugin under test sees it: requests are recorded, answers scripted.
#pragma once

#include <functional>

#include "baktainer/http.hpp"

namespace bkt::testing {

struct FakeRequest {
    std::string method, url, body;
    std::vector<std::pair<std::string, std::string>> headers;
    std::uint64_t timeout_ms = 0;

    // The first of that name, as written; empty when there is none.
    std::string header(std::string_view name) const {
        for (const auto& [key, value] : headers)
            if (key == name) return value;
        return {};
    }
};

struct FakeAnswer {
    std::uint32_t status = 200;
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
};

class FakeHttp final {
public:
    // Unset = every request is answered 200 with nothing.
    std::function<Result<FakeAnswer>(const FakeRequest&)> answer;
    std::vector<FakeRequest> requests;  // in order

    bkt_rc run(Call& call, const bkt_http_request& raw, const bkt_http_report& report) {
        requests.push_back(read(raw));
        auto got = answer ? answer(requests.back()) : Result<FakeAnswer>(FakeAnswer{});
        if (!got) return call.fail(got.error());
        report.status(&report, got->status);
        if (report.header)
            for (const auto& [name, value] : got->headers)
                report.header(&report, str(name), str(value));
        if (!raw.out || got->body.empty()) return BKT_OK;
        const bool success = got->status >= 200 && got->status < 300;
        if (!success && (raw.flags & BKT_HTTP_OUT_OF_SUCCESS)) return BKT_OK;
        return raw.out->write(raw.out, got->body.data(), got->body.size());
    }

private:
    static FakeRequest read(const bkt_http_request& raw) {
        FakeRequest request;
        request.method = view(raw.method);
        request.url = view(raw.url);
        request.timeout_ms = raw.timeout_ms;
        for (std::uint64_t i = 0; i < raw.header_count; ++i)
            request.headers.emplace_back(view(raw.headers[i].key), view(raw.headers[i].value));
        char chunk[4096];
        std::uint64_t n = 0;
        while (raw.body && raw.body->read(raw.body, chunk, sizeof chunk, &n) == BKT_OK && n > 0)
            request.body.append(chunk, n);
        return request;
    }
};

}  // namespace bkt::testing
