// endpoint.hpp: where the container engine listens and how we prove who we are.
//
// Settings win over Docker's own environment variables, which win over Docker's default. Once anything
// asks for TLS, plain text is refused rather than fallen back to.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "baktainer/result.hpp"

namespace bkt::docker {

struct Endpoint {
    std::string socket_path;  // of a unix socket; empty = TCP
    std::string host, port;
    bool tls = false;
    // PEM files; an empty CA means the system's own, an empty certificate none of ours.
    std::string ca_file, cert_file, key_file;

    bool is_unix() const { return !socket_path.empty(); }
    // "unix:///run/docker.sock", "tcp://db1:2376": for messages.
    std::string text() const;
    bool operator==(const Endpoint&) const = default;
};

// The value of a setting or variable, empty when not set.
using Lookup = std::function<std::string(std::string_view key)>;

// From the settings socket, tls_ca, tls_cert, tls_key, and DOCKER_HOST, DOCKER_TLS_VERIFY,
// DOCKER_CERT_PATH, HOME. Code::invalid or Code::unsupported when they make no sense. Reads no file.
Result<Endpoint> find_endpoint(const Lookup& config, const Lookup& env);

}  // namespace bkt::docker
