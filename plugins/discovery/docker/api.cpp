#include "plugins/discovery/docker/api.hpp"

#include <charconv>

#include "plugins/discovery/docker/json_read.hpp"

namespace bkt::docker {
namespace {

using nlohmann::json;

constexpr auto kAnswerLimit = std::chrono::seconds(60);
constexpr std::size_t kMaxMessageBytes = 500;

Result<json> parsed(const std::string& body) {
    if (body.empty()) return json();
    auto j = json::parse(body, nullptr, false);
    if (j.is_discarded())
        return Error{Code::unavailable, "the container engine's answer is no JSON",
                     "see whether something else listens there"};
    return j;
}

// Replacing the byte would run another command, or set another password.
Result<std::string> written(const json& body) try {
    return body.is_null() ? std::string() : body.dump();
} catch (const json::type_error&) {
    return Error{
        Code::invalid,
        "an argument, name or password is not UTF-8, and the container engine takes no other",
        "spell it in UTF-8"};
}

}  // namespace

std::optional<ApiVersion> parse_api_version(std::string_view text) {
    ApiVersion v;
    if (text.starts_with('v')) text.remove_prefix(1);
    const auto dot = text.find('.');
    if (dot == text.npos) return std::nullopt;
    const auto number = [](std::string_view s, unsigned& n) {
        const auto [end, ec] = std::from_chars(s.data(), s.data() + s.size(), n);
        return ec == std::errc{} && end == s.data() + s.size();
    };
    if (!number(text.substr(0, dot), v.major) || !number(text.substr(dot + 1), v.minor))
        return std::nullopt;
    return v;
}

Result<ApiVersion> choose_api(ApiVersion server, std::optional<ApiVersion> server_oldest) {
    if (server < kOldestApi)
        return Error{Code::unsupported,
                     "the container engine speaks API " + server.text() + ", at least " +
                         kOldestApi.text() + " is needed",
                     "update the engine (Docker 1.13 or newer)"};
    if (server_oldest && *server_oldest > kNewestApi)
        return Error{Code::unsupported,
                     "the container engine wants API " + server_oldest->text() +
                         " at least, this version knows " + kNewestApi.text(),
                     "update Baktainer"};
    return std::min(server, kNewestApi);
}

std::string encoded(std::string_view text) {
    static constexpr char kHex[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto u = static_cast<unsigned char>(c);
        const bool plain = (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') ||
                           (u >= '0' && u <= '9') || u == '-' || u == '_' || u == '.' || u == '~';
        if (plain) out += c;
        else (out += '%') += {kHex[u >> 4], kHex[u & 15]};
    }
    return out;
}

Error api_error(unsigned status, const std::string& body) {
    const auto j = json::parse(body, nullptr, false);
    std::string message = text_at(j, "message");
    if (message.empty())
        message = "the container engine answered " + std::to_string(status) +
                  (body.empty() ? "" : ": " + body);
    message = message.substr(0, kMaxMessageBytes);
    while (!message.empty() && (message.back() == '\n' || message.back() == '.'))
        message.pop_back();
    switch (status) {
        case 400:
            if (body.find("HTTP request to an HTTPS server") != std::string::npos)
                return {Code::denied, "the container engine speaks only TLS at this address",
                        "set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH, or tls_ca, tls_cert and "
                        "tls_key"};
            return {Code::invalid, message};
        case 401:
        case 403:
            return {Code::denied, message,
                    "a socket proxy must allow this request, see the documentation of its verbs"};
        case 404: return {Code::not_found, message};
        case 409: return {Code::conflict, message};
        default: return {Code::failed, message};
    }
}

Result<HttpResponse> Api::plain(const HttpRequest& request, const Wait& wait) {
    BKT_LET(Connection connection, Connection::open(endpoint_, wait));
    return exchange(connection, request, wait.within(kAnswerLimit));
}

Result<std::string> Api::prefix(const Wait& wait) {
    {
        const std::lock_guard lock(mutex_);
        if (!prefix_.empty()) return prefix_;
    }
    // Asked without the lock, perhaps twice: a silent engine must not hold a call that was cancelled.
    BKT_LET(const std::string found, negotiate(wait));
    const std::lock_guard lock(mutex_);
    return prefix_ = found;
}

Result<std::string> Api::negotiate(const Wait& wait) {
    if (!wanted_.empty()) {
        const auto version = parse_api_version(wanted_);
        if (!version)
            return Error{Code::invalid,
                         "DOCKER_API_VERSION '" + wanted_ + "' is no version like 1.41",
                         "correct or unset it"};
        return "/v" + version->text();
    }
    BKT_LET(const auto answer, plain({"GET", "/version", "", false}, wait));
    if (answer.status != 200) return api_error(answer.status, answer.body);
    BKT_LET(const json j, parsed(answer.body));
    const auto server = parse_api_version(text_at(j, "ApiVersion"));
    if (!server)
        return Error{Code::unavailable,
                     "what answers at " + endpoint_.text() + " is no container engine",
                     "check DOCKER_HOST or discovery.docker.socket"};
    BKT_LET(const ApiVersion version,
            choose_api(*server, parse_api_version(text_at(j, "MinAPIVersion"))));
    return "/v" + version.text();
}

Result<std::string> Api::describe(const Wait& wait) {
    BKT_LET(const std::string version, prefix(wait));
    BKT_LET(const json j, get("/version", wait));
    std::string name = "Docker";
    const json& components = at(j, "Components");
    if (components.is_array() && !components.empty() &&
        text_at(components[0], "Name").find("Podman") != std::string::npos)
        name = "Podman";
    return name + " " + text_at(j, "Version") + ", API " + version.substr(2) + ", " +
           endpoint_.text();
}

Result<json> Api::call(const char* method, const std::string& path, const std::string& body,
                       const Wait& wait) {
    BKT_LET(const std::string version, prefix(wait));
    BKT_LET(const auto answer, plain({method, version + path, body, false}, wait));
    if (answer.status >= 300) return api_error(answer.status, answer.body);
    return parsed(answer.body);
}

Result<json> Api::get(const std::string& path, const Wait& wait) {
    return call("GET", path, "", wait);
}

Result<json> Api::post(const std::string& path, const json& body, const Wait& wait) {
    BKT_LET(const std::string text, written(body));
    return call("POST", path, text, wait);
}

Status Api::remove(const std::string& path, const Wait& wait) {
    BKT_TRY(call("DELETE", path, "", wait));
    return {};
}

Status Api::put_tar(const std::string& path, std::string tar, const Wait& wait) {
    BKT_LET(const std::string version, prefix(wait));
    BKT_LET(const auto answer,
            plain({"PUT", version + path, std::move(tar), false, "application/x-tar"}, wait));
    if (answer.status >= 300) return api_error(answer.status, answer.body);
    return {};
}

Result<Api::Stream> Api::open_stream(const std::string& method, const std::string& path,
                                     const std::string& body, bool upgrade, const Wait& wait) {
    BKT_LET(const std::string version, prefix(wait));
    BKT_LET(Connection connection, Connection::open(endpoint_, wait));
    BKT_LET(HttpStream stream,
            begin_stream(connection, {method, version + path, body, upgrade}, wait));
    if (stream.status != 101 && stream.status != 200)
        return api_error(stream.status, stream.error_body);
    return Stream{std::move(connection), std::move(stream.begun)};
}

Result<BodyStream> Api::open_body(const std::string& path, const Wait& wait) {
    BKT_LET(const std::string version, prefix(wait));
    BKT_LET(Connection connection, Connection::open(endpoint_, wait));
    BKT_LET(BodyStream body,
            BodyStream::begin(std::move(connection), {"GET", version + path, "", false}, wait));
    if (body.status() >= 300) return api_error(body.status(), "");
    return body;
}

}  // namespace bkt::docker
