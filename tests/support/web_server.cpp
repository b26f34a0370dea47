#include "tests/support/web_server.hpp"

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <set>
#include <thread>

#include "tests/support/process.hpp"

namespace bkt::test {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

WebReply WebReply::of(unsigned status, const std::string& body, const std::string& headers) {
    return {"HTTP/1.1 " + std::to_string(status) + " As-Scripted\r\nContent-Length: " +
                std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body,
            Then::keep, 0};
}

struct WebServer::Impl {
    Handler handler;
    asio::io_context io;
    asio::ssl::context tls{asio::ssl::context::tls_server};
    bool secure = false;
    tcp::acceptor acceptor{io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
    mutable std::mutex mutex;
    std::vector<WebRequest> requests;
    std::set<int> open;  // descriptors of the connections, to be cut at the end
    bool over = false;
    unsigned connections = 0;
    std::vector<std::thread> threads;
    std::thread acceptor_thread;

    void accept_all() {
        for (;;) {
            boost::system::error_code ec;
            tcp::socket socket(io);
            acceptor.accept(socket, ec);
            const std::lock_guard lock(mutex);
            if (over) return;
            if (ec) continue;
            open.insert(socket.native_handle());
            threads.emplace_back([this, number = ++connections, s = std::move(socket)]() mutable {
                serve(std::move(s), number);
            });
        }
    }

    void serve(tcp::socket socket, unsigned number) {
        const int fd = socket.native_handle();
        boost::system::error_code ec;
        if (secure) {
            asio::ssl::stream<tcp::socket&> stream(socket, tls);
            stream.handshake(asio::ssl::stream_base::server, ec);
            if (!ec && talk(stream, number) != WebReply::Then::vanish) stream.shutdown(ec);
        } else {
            talk(socket, number);
        }
        const std::lock_guard lock(mutex);
        open.erase(fd);
        socket.close(ec);
    }

    template <class Stream>
    WebReply::Then talk(Stream& stream, unsigned number) {
        boost::beast::flat_buffer buffer;
        for (;;) {
            boost::system::error_code ec;
            http::request_parser<http::string_body> parser;
            parser.body_limit(boost::none);
            http::read(stream, buffer, parser, ec);
            if (ec) return WebReply::Then::close;
            const WebReply reply = handler(note(parser.get(), number));
            if (reply.delay_ms)
                std::this_thread::sleep_for(std::chrono::milliseconds(reply.delay_ms));
            asio::write(stream, asio::buffer(reply.bytes), ec);
            if (ec || reply.then != WebReply::Then::keep) return reply.then;
        }
    }

    WebRequest note(const http::request<http::string_body>& raw, unsigned number) {
        WebRequest request;
        request.method = std::string(raw.method_string());
        request.target = std::string(raw.target());
        request.body = raw.body();
        request.connection = number;
        for (const auto& field : raw) {
            std::string name(field.name_string());
            for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
            request.headers[name] = std::string(field.value());
        }
        const std::lock_guard lock(mutex);
        requests.push_back(request);
        return request;
    }
};

WebServer::WebServer(Handler handler, const std::string& certificate, const std::string& key)
    : impl_(std::make_unique<Impl>()) {
    impl_->handler = std::move(handler);
    impl_->secure = !certificate.empty();
    if (impl_->secure) {
        impl_->tls.use_certificate_chain_file(certificate);
        impl_->tls.use_private_key_file(key, asio::ssl::context::pem);
    }
    url_ = std::string(impl_->secure ? "https" : "http") +
           "://127.0.0.1:" + std::to_string(impl_->acceptor.local_endpoint().port());
    impl_->acceptor_thread = std::thread([this] { impl_->accept_all(); });
}

WebServer::~WebServer() {
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->over = true;
        for (const int fd : impl_->open) ::shutdown(fd, SHUT_RDWR);
    }
    ::shutdown(impl_->acceptor.native_handle(), SHUT_RDWR);
    impl_->acceptor_thread.join();
    for (auto& thread : impl_->threads) thread.join();
}

std::vector<WebRequest> WebServer::requests() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->requests;
}

bool WebServer::wait_for(std::size_t count, unsigned seconds) const {
    for (unsigned i = 0; i < seconds * 50; ++i) {
        if (requests().size() >= count) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
}

void make_certificates(const std::string& dir) {
    must({"sh", "-euc", R"(
cd "$1"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=test-ca -keyout ca-key.pem -out ca.pem 2>/dev/null
pair() { # pair NAME ALTERNATIVES
  printf 'subjectAltName=%s\n' "$2" > $1.ext
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -keyout $1-key.pem -out $1.csr 2>/dev/null
  openssl x509 -req -in $1.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 30 -extfile $1.ext -out $1.pem 2>/dev/null
}
pair server IP:127.0.0.1,DNS:localhost
pair other DNS:elsewhere.example
)",
          "sh", dir});
}

}  // namespace bkt::test
