// api.hpp: the container engine's HTTP API: negotiated version, JSON in and out, its errors as ours.
#pragma once

#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "plugins/discovery/docker/http.hpp"

namespace bkt::docker {

struct ApiVersion {
    unsigned major = 1, minor = 0;
    auto operator<=>(const ApiVersion&) const = default;
    std::string text() const { return std::to_string(major) + "." + std::to_string(minor); }
};
// "1.41" or "v1.41".
std::optional<ApiVersion> parse_api_version(std::string_view text);

inline constexpr ApiVersion kOldestApi{1, 25};  // exec takes an environment since 1.25
inline constexpr ApiVersion kNewestApi{1, 51};

// What both sides know: the server's, but not newer than ours. Code::unsupported when there is none.
Result<ApiVersion> choose_api(ApiVersion server, std::optional<ApiVersion> server_oldest);

// Thread-safe: a connection a request.
class Api final {
public:
    // `wanted`: DOCKER_API_VERSION, empty = negotiate.
    Api(Endpoint endpoint, std::string wanted)
        : endpoint_(std::move(endpoint)), wanted_(std::move(wanted)) {}

    const Endpoint& endpoint() const { return endpoint_; }
    // "Docker 20.10.24, API 1.41, unix:///var/run/docker.sock"
    Result<std::string> describe(const Wait& wait);

    // `path` without the version prefix. Answers below 300 only; others are errors: 404 not_found, 409
    // conflict, 401 and 403 denied, 400 invalid, else failed; with the engine's own message.
    Result<nlohmann::json> get(const std::string& path, const Wait& wait);
    Result<nlohmann::json> post(const std::string& path, const nlohmann::json& body,
                                const Wait& wait);
    Status remove(const std::string& path, const Wait& wait);
    // Unpacks `tar` at `path`, a container's archive.
    Status put_tar(const std::string& path, std::string tar, const Wait& wait);
    // A connection whose raw stream begins with `begun`.
    struct Stream {
        Connection connection;
        std::vector<std::byte> begun;
    };
    Result<Stream> open_stream(const std::string& method, const std::string& path,
                               const std::string& body, bool upgrade, const Wait& wait);

    // A response that goes on for as long as it likes, e.g. events.
    Result<BodyStream> open_body(const std::string& path, const Wait& wait);

private:
    Result<std::string> prefix(const Wait& wait);
    Result<std::string> negotiate(const Wait& wait);
    Result<HttpResponse> plain(const HttpRequest& request, const Wait& wait);
    Result<nlohmann::json> call(const char* method, const std::string& path,
                                const std::string& body, const Wait& wait);

    const Endpoint endpoint_;
    const std::string wanted_;
    std::mutex mutex_;
    std::string prefix_;  // "/v1.41" once negotiated
};

// The engine's {"message": …} as an error; bounded.
Error api_error(unsigned status, const std::string& body);
// One path segment or query value, percent-encoded.
std::string encoded(std::string_view text);

}  // namespace bkt::docker
