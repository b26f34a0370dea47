#include "plugins/discovery/docker/http.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http.hpp>
#include <sstream>

namespace bkt::docker {
namespace {

namespace http = boost::beast::http;
namespace net = boost::asio;

constexpr std::uint64_t kMaxBodyBytes = 64ull << 20;
constexpr std::uint32_t kMaxHeadBytes = 64 * 1024;
constexpr std::size_t kReadBytes = 64 * 1024;

std::string text_of(const HttpRequest& request) {
    http::request<http::string_body> r(http::string_to_verb(request.method), request.target, 11);
    r.set(http::field::host, "docker");
    r.set(http::field::user_agent, "baktainer");
    if (request.upgrade) {
        r.set(http::field::connection, "Upgrade");
        r.set(http::field::upgrade, "tcp");
    } else {
        r.set(http::field::connection, "close");
    }
    if (!request.body.empty()) {
        r.set(http::field::content_type, request.content_type);
        r.body() = request.body;
    }
    if (!request.body.empty() || request.method == "POST") r.prepare_payload();
    std::ostringstream text;
    text << r;
    return text.str();
}

Error broken(const std::string& why) {
    return {Code::unavailable, "the container engine's answer is no whole HTTP response: " + why,
            "see whether something else listens there, or the engine was stopped"};
}

// Feeds `parser` until `done(parser)`; returns what was read beyond it.
template <class Parser, class Done>
Result<std::vector<std::byte>> feed(Connection& connection, Parser& parser, const Wait& wait,
                                    Done&& done, std::vector<std::byte> held = {}) {
    std::size_t filled = held.size();  // bytes the parser has left so far
    std::vector<std::byte> buffer = std::move(held);
    buffer.resize(std::max(kReadBytes, filled + 1));
    while (!done(parser)) {
        if (filled == buffer.size()) return broken("its head is too long");
        BKT_LET(const std::size_t n, connection.read(std::span(buffer).subspan(filled), wait));
        boost::system::error_code ec;
        if (n == 0) {
            // Beast asserts that an end has something before it.
            if (!parser.got_some()) return broken("it ends too early, nothing came");
            parser.put_eof(ec);
            if (ec || !done(parser)) return broken("it ends too early");
            break;
        }
        filled += n;
        const std::size_t used = parser.put(net::buffer(buffer.data(), filled), ec);
        if (ec == http::error::need_more) ec = {};
        if (ec) return broken(ec.message());
        std::copy(buffer.begin() + static_cast<std::ptrdiff_t>(used),
                  buffer.begin() + static_cast<std::ptrdiff_t>(filled), buffer.begin());
        filled -= used;
    }
    buffer.resize(filled);
    return buffer;
}

Result<HttpResponse> read_response(Connection& connection,
                                   http::response_parser<http::string_body>& parser,
                                   const Wait& wait) {
    auto rest = feed(connection, parser, wait, [](const auto& p) { return p.is_done(); });
    if (!rest) return std::move(rest).error();
    return HttpResponse{parser.get().result_int(), std::move(parser.get().body())};
}

}  // namespace

Result<HttpResponse> exchange(Connection& connection, const HttpRequest& request,
                              const Wait& wait) {
    BKT_TRY(connection.write(as_bytes(text_of(request)), wait));
    http::response_parser<http::string_body> parser;
    parser.eager(true);
    parser.body_limit(kMaxBodyBytes);
    parser.header_limit(kMaxHeadBytes);
    return read_response(connection, parser, wait);
}

Result<HttpStream> begin_stream(Connection& connection, const HttpRequest& request,
                                const Wait& wait) {
    BKT_TRY(connection.write(as_bytes(text_of(request)), wait));
    http::response_parser<http::string_body> parser;
    parser.body_limit(kMaxBodyBytes);
    parser.header_limit(kMaxHeadBytes);
    BKT_LET(auto begun,
            feed(connection, parser, wait, [](const auto& p) { return p.is_header_done(); }));
    HttpStream stream;
    stream.status = parser.get().result_int();
    if (stream.status == 101 || stream.status == 200) {
        if (parser.chunked())
            return Error{
                Code::unsupported,
                "something between us and the container engine re-packs the attached stream",
                "connect to the engine directly, without an HTTP proxy that does not upgrade"};
        stream.begun = std::move(begun);
        return stream;
    }
    // The body of a refusal: what came with the head, of which the parser may leave some (half a chunk's
    // size) until there is more, then the rest.
    parser.eager(true);
    boost::system::error_code ec;
    std::size_t used = 0;
    if (!begun.empty()) used = parser.put(net::buffer(begun.data(), begun.size()), ec);
    begun.erase(begun.begin(), begun.begin() + static_cast<std::ptrdiff_t>(used));
    if (!parser.is_done()) {
        auto rest = feed(
            connection, parser, wait, [](const auto& p) { return p.is_done(); }, std::move(begun));
        if (!rest) return std::move(rest).error();
    }
    stream.error_body = std::move(parser.get().body());
    return stream;
}

struct BodyStream::State {
    explicit State(Connection c) : connection(std::move(c)) {}
    Connection connection;
    http::response_parser<http::buffer_body> parser;
    std::vector<std::byte> held;  // read and not yet parsed
};

BodyStream::BodyStream(std::unique_ptr<State> state) : state_(std::move(state)) {}
BodyStream::BodyStream(BodyStream&&) noexcept = default;
BodyStream& BodyStream::operator=(BodyStream&&) noexcept = default;
BodyStream::~BodyStream() = default;

Result<BodyStream> BodyStream::begin(Connection connection, const HttpRequest& request,
                                     const Wait& wait) {
    auto state = std::make_unique<State>(std::move(connection));
    BKT_TRY(state->connection.write(as_bytes(text_of(request)), wait));
    state->parser.body_limit(boost::none);
    BKT_LET(state->held, feed(state->connection, state->parser, wait,
                              [](const auto& p) { return p.is_header_done(); }));
    return BodyStream(std::move(state));
}

unsigned BodyStream::status() const { return state_->parser.get().result_int(); }

Result<std::string> BodyStream::read(const Wait& wait) {
    auto& [connection, parser, held] = *state_;
    std::string out(kReadBytes, '\0');
    std::vector<std::byte> buffer(kReadBytes);
    for (;;) {
        parser.get().body() = {out.data(), out.size(), true};
        boost::system::error_code ec;
        const std::size_t used =
            held.empty() ? 0 : parser.put(net::buffer(held.data(), held.size()), ec);
        held.erase(held.begin(), held.begin() + static_cast<std::ptrdiff_t>(used));
        if (ec && ec != http::error::need_more && ec != http::error::need_buffer)
            return broken(ec.message());
        if (const auto made = out.size() - parser.get().body().size; made > 0) {
            out.resize(made);
            return out;
        }
        if (parser.is_done()) return std::string();
        if (used > 0) continue;
        BKT_LET(const std::size_t n, connection.read(buffer, wait));
        if (n == 0) return std::string();
        held.insert(held.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(n));
    }
}

}  // namespace bkt::docker
