/* services/http.h: "bkt.http/1". One HTTP(S) request by the host's client: its TLS, proxy and CA
 * settings apply, and plugins need no HTTP library. */
#ifndef BAKTAINER_ABI_SERVICES_HTTP_H
#define BAKTAINER_ABI_SERVICES_HTTP_H

#include "baktainer/abi/stream.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BKT_SERVICE_HTTP "bkt.http/1"

enum {
    /* `out` gets the body of a 2xx answer only: an error page is not what was asked for. */
    BKT_HTTP_OUT_OF_SUCCESS = 1u
};

typedef struct bkt_http_request {
    uint32_t size;
    uint32_t flags;        /* BKT_HTTP_* */
    bkt_str method;        /* "GET", "POST", ... */
    bkt_str url;           /* http:// or https:// only; may hold secrets: never logged */
    const bkt_pair *headers; /* values may be secrets: never logged */
    uint64_t header_count;
    const bkt_source *body; /* NULL = none. Its size_bytes, when known, becomes Content-Length */
    const bkt_sink *out;    /* NULL = the answer's body is discarded */
    uint64_t timeout_ms;    /* for the whole exchange; 0 = 30 s. The call's deadline holds too */
} bkt_http_request;

typedef struct bkt_http_report bkt_http_report;
/* The caller's emitter; called before run() returns, `status` once, then `header` for each: perhaps after the
 * body reached `out`, so whoever must not take an error page for an object sets BKT_HTTP_OUT_OF_SUCCESS. */
struct bkt_http_report {
    uint32_t size;
    uint32_t flags;
    void *ctx;
    void (*status)(const bkt_http_report *report, uint32_t status) BKT_NX;
    /* Optional (NULL). Names in lower case. */
    void (*header)(const bkt_http_report *report, bkt_str name, bkt_str value) BKT_NX;
};

typedef struct bkt_http {
    uint32_t size;
    uint32_t flags;
    /* OK = an answer came, whatever its status, and all of its body was delivered. Redirects are not
     * followed. BKT_UNAVAILABLE = no connection or a broken one; BKT_DENIED = the certificate;
     * BKT_TRUNCATED = the body ended early, or `out` is set and the
     * answer does not say how long it is (HTTP/1.x with neither length nor chunks); BKT_TIMEOUT; BKT_INVALID = the URL. [any thread] */
    bkt_rc (*run)(const bkt_host *host, const bkt_call *call, const bkt_http_request *request,
                  const bkt_http_report *report) BKT_NX;
} bkt_http;

#ifdef __cplusplus
}
#endif
#endif
