#include "plugins/discovery/docker/endpoint.hpp"

#include <sys/un.h>

#include <algorithm>
#include <charconv>

namespace bkt::docker {
namespace {

constexpr std::string_view kDefaultSocket = "unix:///var/run/docker.sock";
constexpr std::size_t kSocketPathBytesMax = sizeof(sockaddr_un::sun_path) - 1;

struct TlsWish {
    bool wanted = false;
    std::string ca, cert, key;
};

Error bad_address(const std::string& text, const std::string& why) {
    return {Code::invalid, "the container engine's address '" + text + "' " + why,
            "write it like unix:///var/run/docker.sock, tcp://host:2376 or https://host:2376"};
}

// DOCKER_TLS_VERIFY with any value asks for TLS, "0" included, as Docker's own client has it; a
// certificate folder alone asks for it too, because its owner would be surprised by plain text.
TlsWish find_tls(const Lookup& config, const Lookup& env) {
    TlsWish tls;
    std::string folder = env("DOCKER_CERT_PATH");
    tls.wanted = !env("DOCKER_TLS_VERIFY").empty() || !folder.empty();
    if (tls.wanted && folder.empty() && !env("HOME").empty()) folder = env("HOME") + "/.docker";
    if (tls.wanted && !folder.empty()) {
        tls.ca = folder + "/ca.pem";
        tls.cert = folder + "/cert.pem";
        tls.key = folder + "/key.pem";
    }
    const auto replace = [&](std::string& file, std::string_view key) {
        if (std::string set = config(key); !set.empty()) {
            file = std::move(set);
            tls.wanted = true;
        }
    };
    replace(tls.ca, "tls_ca");
    replace(tls.cert, "tls_cert");
    replace(tls.key, "tls_key");
    return tls;
}

Result<Endpoint> unix_endpoint(const std::string& text, std::string path) {
    if (path.empty() || path.front() != '/') return bad_address(text, "names no absolute path");
    if (path.size() > kSocketPathBytesMax)
        return bad_address(text, "is longer than a socket path may be (" +
                                     std::to_string(kSocketPathBytesMax) + " bytes)");
    Endpoint endpoint;
    endpoint.socket_path = std::move(path);
    return endpoint;
}

bool is_port(std::string_view s) {
    unsigned n = 0;
    const auto [end, ec] = std::from_chars(s.data(), s.data() + s.size(), n);
    return ec == std::errc{} && end == s.data() + s.size() && n > 0 && n < 65536;
}

// Splits "host:port", "[::1]:port", "host"; a single slash at the end is forgiven, a path is not.
Result<Endpoint> tcp_endpoint(const std::string& text, std::string_view rest, bool tls) {
    if (rest.ends_with('/')) rest.remove_suffix(1);
    const auto plain = [](char c) {
        return c > ' ' && c != '/' && c != '@' && c != '?' && c != '#';
    };
    if (!std::all_of(rest.begin(), rest.end(), plain))
        return bad_address(text, "may hold a host and a port only");

    std::string_view host = rest, port;
    if (rest.starts_with('[')) {
        const auto end = rest.find(']');
        if (end == rest.npos) return bad_address(text, "lacks a ']'");
        host = rest.substr(1, end - 1);
        port = rest.substr(end + 1);
        if (!port.empty() && port.front() != ':') return bad_address(text, "has no ':' after ']'");
        if (!port.empty()) port.remove_prefix(1);
    } else if (const auto colon = rest.rfind(':'); colon != rest.npos) {
        host = rest.substr(0, colon);
        port = rest.substr(colon + 1);
        if (host.find(':') != host.npos)
            return bad_address(text, "needs [ ] around an IPv6 address");
    }
    if (!port.empty() && !is_port(port)) return bad_address(text, "has no valid port");

    Endpoint endpoint;
    endpoint.host = host.empty() ? "localhost" : std::string(host);
    endpoint.port = !port.empty() ? std::string(port) : tls ? "2376" : "2375";
    endpoint.tls = tls;
    return endpoint;
}

}  // namespace

std::string Endpoint::text() const {
    if (is_unix()) return "unix://" + socket_path;
    const bool v6 = host.find(':') != std::string::npos;
    return "tcp://" + (v6 ? "[" + host + "]" : host) + ":" + port;
}

Result<Endpoint> find_endpoint(const Lookup& config, const Lookup& env) {
    std::string text = config("socket");
    if (text.empty()) text = env("DOCKER_HOST");
    if (text.empty()) text = kDefaultSocket;
    // Also keeps them out of messages, and a NUL from shortening a path.
    const auto is_control = [](unsigned char c) { return c < ' ' || c == 0x7f; };
    if (std::any_of(text.begin(), text.end(), is_control))
        return Error{Code::invalid, "the container engine's address holds a control character",
                     "write it like unix:///var/run/docker.sock, tcp://host:2376 or "
                     "https://host:2376"};
    if (text.front() == '/') return unix_endpoint(text, text);

    const auto colon = text.find("://");
    const std::string scheme = colon == text.npos ? "" : text.substr(0, colon);
    const std::string rest = colon == text.npos ? "" : text.substr(colon + 3);
    if (scheme == "unix") return unix_endpoint(text, rest);
    if (scheme == "ssh" || scheme == "npipe" || scheme == "fd")
        return Error{
            Code::unsupported, "addresses of the kind '" + scheme + "://' are not supported",
            "forward the socket (ssh -L) and give its path, or let the engine listen with TLS"};
    if (scheme != "tcp" && scheme != "http" && scheme != "https")
        return bad_address(text, "is of no known kind");

    TlsWish tls = find_tls(config, env);
    if (scheme == "http" && tls.wanted)
        return Error{
            Code::invalid, "'" + text + "' is plain text, but TLS is asked for",
            "write https:// or tcp://, or unset DOCKER_TLS_VERIFY, DOCKER_CERT_PATH and tls_*"};
    BKT_LET(Endpoint endpoint, tcp_endpoint(text, rest, tls.wanted || scheme == "https"));
    if (tls.cert.empty() != tls.key.empty())
        return Error{Code::invalid,
                     "a client certificate and its key come together, one is missing",
                     "set both tls_cert and tls_key"};
    endpoint.ca_file = std::move(tls.ca);
    endpoint.cert_file = std::move(tls.cert);
    endpoint.key_file = std::move(tls.key);
    return endpoint;
}

}  // namespace bkt::docker
