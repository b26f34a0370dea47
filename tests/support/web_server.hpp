// tests/support/web_server.hpp: a real HTTP(S) server on 127.0.0.1 that answers as a test scripts it, down to
// the bytes, and keeps what it was asked.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace bkt::test {

struct WebRequest {
    std::string method, target, body;
    std::map<std::string, std::string> headers;  // names in lower case
    unsigned connection = 0;                     // the how manieth it came over
};

// What goes back, byte for byte, and how the connection ends then.
struct WebReply {
    std::string bytes;  // head and body
    // After `bytes`: wait for the next request, close properly, or go away without TLS's close.
    enum class Then { keep, close, vanish } then = Then::close;
    unsigned delay_ms = 0;  // before the first byte

    // A well-formed answer, kept alive.
    static WebReply of(unsigned status, const std::string& body = "",
                       const std::string& headers = "");
};

class WebServer final {
public:
    using Handler = std::function<WebReply(const WebRequest&)>;
    // `certificate` and `key`: PEM files; empty = plain HTTP.
    explicit WebServer(Handler handler, const std::string& certificate = "",
                       const std::string& key = "");
    ~WebServer();  // waits for its connections
    WebServer(const WebServer&) = delete;
    WebServer& operator=(const WebServer&) = delete;

    // "http://127.0.0.1:12345" or https.
    const std::string& url() const { return url_; }
    // Every whole request so far.
    std::vector<WebRequest> requests() const;
    // Waits until there are so many; false after `seconds`.
    bool wait_for(std::size_t count, unsigned seconds = 20) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
    std::string url_;
};

// Makes ca.pem, server.pem + server-key.pem for 127.0.0.1 and localhost signed by it, and
// other.pem + other-key.pem for another name, in `dir`.
void make_certificates(const std::string& dir);

}  // namespace bkt::test
