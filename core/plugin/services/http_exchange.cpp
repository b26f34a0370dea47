#include "core/plugin/services/http_exchange.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <chrono>
#include <memory>

#include "baktainer/call.hpp"
#include "core/plugin/services/http_error.hpp"

namespace bkt::plugin {

namespace {

constexpr std::uint64_t kDefaultTimeoutMs = 30'000;
constexpr std::uint64_t kMaxTimeoutMs = 7ull * 24 * 3600 * 1000;
constexpr long kConnectTimeoutMs = 15'000;
constexpr std::size_t kMaxAnswerHeaderBytes = 64 * 1024;
// How long a deadline, which no descriptor announces, may be overlooked.
constexpr int kPollMs = 250;

Error invalid(std::string message, std::string hint = {}) {
    return {Code::invalid, std::move(message), std::move(hint)};
}

bool is_token(std::string_view text) {  // RFC 9110, 5.6.2
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    });
}

bool is_field_value(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::string_view trimmed(std::string_view text) {
    const auto from = text.find_first_not_of(" \t\r\n");
    if (from == text.npos) return {};
    return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

std::uint64_t now_ns() {
    return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
}

std::string part_of(CURLU* url, CURLUPart part) {
    char* text = nullptr;
    if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
    const std::unique_ptr<char, decltype(&curl_free)> held(text, &curl_free);
    return text;
}

}  // namespace

HttpExchange::HttpExchange(const bkt_call* call, const bkt_http_request& request,
                           const bkt_http_report& report, const std::string& ca_file)
    : call_(call), request_(request), report_(report), ca_file_(ca_file) {}

HttpExchange::~HttpExchange() {
    // Header values may be secrets.
    for (curl_slist* at = headers_; at; at = at->next)
        OPENSSL_cleanse(at->data, std::char_traits<char>::length(at->data));
    curl_slist_free_all(headers_);
}

Status HttpExchange::run(HttpLine& line) {
    CURL* easy = line.easy.get();
    if (!easy || !line.multi) return Error{Code::bug, "no HTTP client could be made"};
    easy_ = easy;
    Status done = prepare(easy);
    if (done) done = drive(line);
    curl_easy_reset(easy);  // nothing of this exchange stays but its connection
    return done;
}

Status HttpExchange::set_url(CURL* easy) {
    const std::string url(view(request_.url));
    const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), &curl_url_cleanup);
    // The library's own words would repeat the URL, which may hold a secret.
    if (!parsed ||
        curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), CURLU_PATH_AS_IS) != CURLUE_OK)
        return invalid("the address to ask is not a URL", "write it as https://host/path");
    const auto scheme = part_of(parsed.get(), CURLUPART_SCHEME);
    if (scheme != "http" && scheme != "https")
        return invalid("the address to ask begins with '" + scheme + ":'",
                       "write it as https://host/path");
    const auto port = part_of(parsed.get(), CURLUPART_PORT);
    server_ =
        scheme + "://" + part_of(parsed.get(), CURLUPART_HOST) + (port.empty() ? "" : ":" + port);
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);  // a signed path is sent as it was signed
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    return {};
}

Status HttpExchange::set_headers(CURL* easy) {
    bool has_type = false, has_agent = false, has_expect = false;
    const auto append = [&](const std::string& line) {
        if (curl_slist* longer = curl_slist_append(headers_, line.c_str())) headers_ = longer;
    };
    for (std::uint64_t i = 0; i < request_.header_count; ++i) {
        const auto name = view(request_.headers[i].key);
        const auto value = view(request_.headers[i].value);
        if (!is_token(name)) return invalid("a header has a name that HTTP does not allow");
        if (!is_field_value(value))
            return invalid("the header '" + std::string(name) + "' holds a line break");
        const auto low = lower(name);
        has_type = has_type || low == "content-type";
        has_agent = has_agent || low == "user-agent";
        has_expect = has_expect || low == "expect";
        std::string line(name);
        line += trimmed(value).empty() ? ";" : ": ";  // libcurl's form for an empty one
        line += value;
        append(line);
        OPENSSL_cleanse(line.data(), line.size());
    }
    // What libcurl would add by itself and nobody asked for.
    if (!has_type) append("Content-Type:");
    if (!has_expect) append("Expect:");
    if (!has_agent) curl_easy_setopt(easy, CURLOPT_USERAGENT, "baktainer/" BAKTAINER_VERSION);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_);
    return {};
}

void HttpExchange::set_body(CURL* easy) {
    const std::string method(view(request_.method));
    if (request_.body) {
        curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(easy, CURLOPT_READFUNCTION, &on_read);
        curl_easy_setopt(easy, CURLOPT_READDATA, this);
        const auto size =
            BKT_HAS(request_.body, bkt_source, size_bytes) ? request_.body->size_bytes : 0;
        if (size > 0)
            curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(size));
    } else if (method == "HEAD") {
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    } else if (method == "POST" || method == "PUT" || method == "PATCH") {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, "");  // Content-Length: 0, as servers expect
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, 0L);
    }
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method.c_str());
}

Status HttpExchange::prepare(CURL* easy) {
    if (!is_token(view(request_.method))) return invalid("the HTTP method is not a word");
    BKT_TRY(set_url(easy));
    BKT_TRY(set_headers(easy));
    set_body(easy);
    auto timeout_ms =
        request_.timeout_ms ? std::min(request_.timeout_ms, kMaxTimeoutMs) : kDefaultTimeoutMs;
    if (call_->deadline_ns) {
        const auto now = now_ns();
        const auto left_ms = call_->deadline_ns > now ? (call_->deadline_ns - now) / 1'000'000 : 0;
        if (left_ms == 0)
            return Error{Code::timeout, "the run's time is up", "raise its 'timeout'"};
        timeout_ms = std::min(timeout_ms, left_ms);
    }
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout_ms));
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, kConnectTimeoutMs);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, said_);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    if (!ca_file_.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file_.c_str());
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &on_write);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    return {};
}

Status HttpExchange::drive(HttpLine& line) {
    CURLM* multi = line.multi.get();
    if (curl_multi_add_handle(multi, line.easy.get()) != CURLM_OK)
        return Error{Code::bug, "the HTTP client is in use"};
    CURLcode result = CURLE_ABORTED_BY_CALLBACK;
    for (;;) {
        int running = 0;
        if (curl_multi_perform(multi, &running) != CURLM_OK) break;
        int left = 0;
        if (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
            result = message->data.result;
            break;
        }
        if (running == 0) break;
        if (call_->cancelled(call_)) {
            stopped_ = Error{Code::cancelled, "cancelled"};
            if (call_->deadline_ns && now_ns() >= call_->deadline_ns)
                stopped_ = Error{Code::timeout, "the run's time is up", "raise its 'timeout'"};
            break;
        }
        curl_waitfd cancel{call_->cancel_fd, CURL_WAIT_POLLIN, 0};
        curl_multi_poll(multi, &cancel, call_->cancel_fd >= 0 ? 1 : 0, kPollMs, nullptr);
    }
    curl_multi_remove_handle(multi, line.easy.get());
    if (stopped_) return *stopped_;
    if (result != CURLE_OK) return http_error(result, server_, said_, told_);
    // libcurl takes a head that ends with the connection for a whole one.
    if (!head_done_) return http_error(CURLE_RECV_ERROR, server_, said_, told_);
    if (request_.out && !is_framed()) return unframed();
    tell_answer();
    return {};
}

// Whether the answer says itself where its body ends (RFC 9112, 6.3). Without that it ends wherever somebody
// cuts the line, and libcurl 7.88 does not even ask for TLS's own close.
bool HttpExchange::is_framed() const {
    long version = 0;
    curl_easy_getinfo(easy_, CURLINFO_HTTP_VERSION, &version);
    if (version >= CURL_HTTP_VERSION_2_0 || view(request_.method) == "HEAD" || status_ == 204 ||
        status_ == 304)
        return true;
    for (const auto& [name, value] : answer_headers_)
        if (name == "content-length" || (name == "transfer-encoding" && lower(value) == "chunked"))
            return true;
    return false;
}

Error HttpExchange::unframed() const {
    return {Code::truncated, "'" + server_ + "' does not say how long its answer is",
            "whether it was cut cannot be told: ask its operator for HTTP/1.1 with lengths"};
}

void HttpExchange::tell_answer() {
    if (std::exchange(told_, true)) return;
    report_.status(&report_, status_);
    if (!BKT_HAS(&report_, bkt_http_report, header) || !report_.header) return;
    for (const auto& [name, value] : answer_headers_)
        report_.header(&report_, str(name), str(value));
}

std::size_t HttpExchange::on_read(char* into, std::size_t one, std::size_t cap, void* raw) {
    auto& self = *static_cast<HttpExchange*>(raw);
    const bkt_source* body = self.request_.body;
    std::uint64_t n = 0;
    if (const bkt_rc rc = body->read(body, into, one * cap, &n); rc != BKT_OK) {
        self.stopped_ = Error{static_cast<Code>(rc), ""};  // its maker has said why
        return CURL_READFUNC_ABORT;
    }
    self.sent_bytes_ += n;
    const auto promised = BKT_HAS(body, bkt_source, size_bytes) ? body->size_bytes : 0;
    if (n == 0 && promised > 0 && self.sent_bytes_ < promised) {
        self.stopped_ = Error{Code::truncated, "what was to be sent ended after " +
                                                   std::to_string(self.sent_bytes_) + " of " +
                                                   std::to_string(promised) + " bytes"};
        return CURL_READFUNC_ABORT;
    }
    return n;
}

std::size_t HttpExchange::on_write(char* bytes, std::size_t one, std::size_t len, void* raw) {
    auto& self = *static_cast<HttpExchange*>(raw);
    const std::size_t size = one * len;
    const bkt_sink* out = self.request_.out;
    if (out && !self.told_ && !self.is_framed()) {
        self.stopped_ = self.unframed();
        return size + 1;  // anything but `size` ends the transfer
    }
    self.tell_answer();
    if (!out || size == 0) return size;
    const bool success = self.status_ >= 200 && self.status_ < 300;
    if (!success && (self.request_.flags & BKT_HTTP_OUT_OF_SUCCESS)) return size;
    if (const bkt_rc rc = out->write(out, bytes, size); rc != BKT_OK) {
        self.stopped_ = Error{static_cast<Code>(rc), ""};
        return size + 1;
    }
    return size;
}

std::size_t HttpExchange::on_header(char* bytes, std::size_t one, std::size_t len, void* raw) {
    auto& self = *static_cast<HttpExchange*>(raw);
    const std::string_view line(bytes, one * len);
    if (self.told_) return line.size();  // a trailer
    self.header_bytes_ += line.size();
    if (self.header_bytes_ > kMaxAnswerHeaderBytes) {
        self.stopped_ =
            Error{Code::failed, "'" + self.server_ + "' answered with more than 64 KiB of headers"};
        return 0;
    }
    if (line.starts_with("HTTP/")) {  // of an interim answer (100 Continue), or the one that counts
        const auto at = line.find(' ');
        self.status_ =
            at == line.npos ? 0 : static_cast<std::uint32_t>(std::atoi(line.data() + at + 1));
        self.answer_headers_.clear();
        self.head_done_ = false;
        return line.size();
    }
    if (trimmed(line).empty()) self.head_done_ = true;
    if (const auto colon = line.find(':'); colon != line.npos)
        self.answer_headers_.emplace_back(lower(line.substr(0, colon)),
                                          std::string(trimmed(line.substr(colon + 1))));
    return line.size();
}

}  // namespace bkt::plugin
