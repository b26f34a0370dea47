// tls.hpp: TLS towards the container engine (OpenSSL): verify the server, present our certificate.
#pragma once

#include "baktainer/result.hpp"
#include "plugins/discovery/docker/endpoint.hpp"

struct ssl_st;

namespace bkt::docker {

// A client side on `fd`, not yet connected; the caller frees it. Code::invalid names a file that cannot be
// used: missing, not PEM, key and certificate that do not match, an expired certificate.
Result<ssl_st*> make_tls(const Endpoint& endpoint, int fd);

// What the last failed TLS call means to an operator.
Error tls_failure(ssl_st* ssl, const char* what);

}  // namespace bkt::docker
