#include "plugins/discovery/docker/tls.hpp"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace bkt::docker {
namespace {

std::string openssl_reason() {
    const unsigned long code = ERR_peek_last_error();
    const char* reason = code ? ERR_reason_error_string(code) : nullptr;
    return reason ? reason : "unknown reason";
}

Error bad_file(const std::string& what, const std::string& file) {
    return {Code::invalid, "cannot use the " + what + " '" + file + "': " + openssl_reason(),
            "check that the file exists, is PEM and may be read"};
}

bool is_address(const std::string& host) {
    unsigned char bytes[16];
    return ::inet_pton(AF_INET, host.c_str(), bytes) == 1 ||
           ::inet_pton(AF_INET6, host.c_str(), bytes) == 1;
}

Status load_files(SSL_CTX* context, const Endpoint& endpoint) {
    if (endpoint.ca_file.empty()) SSL_CTX_set_default_verify_paths(context);
    else if (SSL_CTX_load_verify_locations(context, endpoint.ca_file.c_str(), nullptr) != 1)
        return bad_file("CA certificate", endpoint.ca_file);
    if (endpoint.cert_file.empty()) return {};
    if (SSL_CTX_use_certificate_chain_file(context, endpoint.cert_file.c_str()) != 1)
        return bad_file("client certificate", endpoint.cert_file);
    if (SSL_CTX_use_PrivateKey_file(context, endpoint.key_file.c_str(), SSL_FILETYPE_PEM) != 1)
        return bad_file("client key", endpoint.key_file);
    if (SSL_CTX_check_private_key(context) != 1)
        return Error{Code::invalid,
                     "the client key '" + endpoint.key_file +
                         "' does not belong to the certificate '" + endpoint.cert_file + "'",
                     "use the pair that was made together"};
    // The engine would refuse it too, but only says "bad certificate".
    const X509* own = SSL_CTX_get0_certificate(context);
    if (X509_cmp_current_time(X509_get0_notAfter(own)) < 0)
        return Error{Code::invalid,
                     "the client certificate '" + endpoint.cert_file + "' has expired",
                     "issue a new one"};
    if (X509_cmp_current_time(X509_get0_notBefore(own)) > 0)
        return Error{Code::invalid,
                     "the client certificate '" + endpoint.cert_file + "' is not valid yet",
                     "check this machine's clock"};
    return {};
}

}  // namespace

Result<ssl_st*> make_tls(const Endpoint& endpoint, int fd) {
    ERR_clear_error();
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(
        SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
    if (!context) return Error{Code::bug, "cannot start TLS: " + openssl_reason()};
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_mode(context.get(),
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    // An end without TLS's own close stays an error (no SSL_OP_IGNORE_UNEXPECTED_EOF): Docker ends every
    // stream with one, so without it the connection was cut, be it between two frames.
    BKT_TRY(load_files(context.get(), endpoint));
    std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(context.get()), &SSL_free);
    if (!ssl || SSL_set_fd(ssl.get(), fd) != 1)
        return Error{Code::bug, "cannot start TLS: " + openssl_reason()};
    if (is_address(endpoint.host)) {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl.get()), endpoint.host.c_str());
    } else {
        SSL_set_tlsext_host_name(ssl.get(), endpoint.host.c_str());
        SSL_set1_host(ssl.get(), endpoint.host.c_str());
    }
    return ssl.release();
}

Error tls_failure(ssl_st* ssl, const char* what) {
    const long verified = SSL_get_verify_result(ssl);
    if (verified != X509_V_OK)
        return {Code::denied,
                std::string("the container engine's certificate is refused: ") +
                    X509_verify_cert_error_string(verified),
                "give the CA that signed it (tls_ca or DOCKER_CERT_PATH), and connect by a name it "
                "holds"};
    const std::string reason = openssl_reason();
    // TLS 1.3 tells a refused client certificate on the first read, as an alert.
    if (reason.find("alert") != std::string::npos)
        return {Code::denied, "the container engine refused our TLS certificate: " + reason,
                "present a client certificate its CA has signed (tls_cert and tls_key, or "
                "DOCKER_CERT_PATH)"};
    if (ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
        return {Code::truncated,
                std::string("the TLS connection to the container engine was cut while ") + what,
                "look for restarts of the engine, and for a proxy that closes long connections"};
    if (reason.find("wrong version number") != std::string::npos)
        return {Code::invalid, "the container engine does not speak TLS at this address",
                "use the engine's TLS port (usually 2376)"};
    const std::string more = ERR_peek_last_error() ? reason : std::strerror(errno);
    return {
        Code::unavailable,
        std::string("the TLS connection to the container engine broke while ") + what + ": " + more,
        "see whether the engine was stopped or restarted"};
}

}  // namespace bkt::docker
