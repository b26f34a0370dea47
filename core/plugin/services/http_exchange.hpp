// plugin/services/http_exchange.hpp: one request and its answer over libcurl, streamed both ways.
//
// It follows no redirect, speaks HTTP and HTTPS only, checks certificates, keeps no cookie, and never lets a
// URL or a header reach an error: of the URL only scheme, host and port are named.
#pragma once

#include <curl/curl.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "baktainer/abi/services/http.h"
#include "baktainer/result.hpp"
#include "core/plugin/services/http_line.hpp"

namespace bkt::plugin {

class HttpExchange final {
public:
    // Borrows everything until run() returned.
    HttpExchange(const bkt_call* call, const bkt_http_request& request,
                 const bkt_http_report& report, const std::string& ca_file);
    HttpExchange(const HttpExchange&) = delete;
    HttpExchange& operator=(const HttpExchange&) = delete;
    ~HttpExchange();

    Status run(HttpLine& line);

private:
    Status prepare(CURL* easy);
    Status set_url(CURL* easy);
    Status set_headers(CURL* easy);
    void set_body(CURL* easy);
    Status drive(HttpLine& line);
    void tell_answer();
    bool is_framed() const;
    Error unframed() const;

    static std::size_t on_read(char* into, std::size_t one, std::size_t cap, void* self);
    static std::size_t on_write(char* bytes, std::size_t one, std::size_t len, void* self);
    static std::size_t on_header(char* line, std::size_t one, std::size_t len, void* self);

    const bkt_call* call_;
    const bkt_http_request& request_;
    const bkt_http_report& report_;
    const std::string& ca_file_;
    CURL* easy_ = nullptr;  // of the line, while run() lasts
    std::string server_;    // "https://example.com:8443", for errors
    curl_slist* headers_ = nullptr;
    char said_[CURL_ERROR_SIZE] = {};
    std::optional<Error> stopped_;  // why one of our own ends ended it
    std::uint64_t sent_bytes_ = 0;
    std::uint32_t status_ = 0;
    std::size_t header_bytes_ = 0;
    std::vector<std::pair<std::string, std::string>> answer_headers_;
    bool head_done_ = false;  // the blank line after the answer's headers came
    bool told_ = false;       // the answer's status and headers
};

}  // namespace bkt::plugin
