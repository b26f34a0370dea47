// http.hpp: one HTTP exchange with the container engine. The syntax is Boost.Beast's; it stays inside
// http.cpp.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "plugins/discovery/docker/connection.hpp"

namespace bkt::docker {

struct HttpRequest {
    std::string method = "GET";
    std::string target;                             // "/v1.41/containers/json"
    std::string body;                               // empty = none
    bool upgrade = false;                           // asks to turn the connection into a raw stream
    std::string content_type = "application/json";  // of the body
};

struct HttpResponse {
    unsigned status = 0;
    std::string body;  // at most 64 MiB
};

// A response whose body is a raw stream: what has already arrived of it.
struct HttpStream {
    unsigned status = 0;
    std::vector<std::byte> begun;
    std::string error_body;  // filled instead, when `status` is neither 101 nor 200
};

// Sends, reads the whole response. A response that is cut is Code::unavailable.
Result<HttpResponse> exchange(Connection& connection, const HttpRequest& request, const Wait& wait);
// Sends, reads the head only.
Result<HttpStream> begin_stream(Connection& connection, const HttpRequest& request,
                                const Wait& wait);

// A response read as it comes, its transfer coding undone.
class BodyStream final {
public:
    static Result<BodyStream> begin(Connection connection, const HttpRequest& request,
                                    const Wait& wait);
    BodyStream(BodyStream&&) noexcept;
    BodyStream& operator=(BodyStream&&) noexcept;
    ~BodyStream();

    unsigned status() const;
    // The next bytes, empty at the end.
    Result<std::string> read(const Wait& wait);

private:
    struct State;
    explicit BodyStream(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace bkt::docker
