/* services/secret.h: "bkt.secret/1". Secrets are named in configuration and labels by reference and
 * resolved at the moment of use. What is resolved is known to the run and scrubbed from every line
 * it keeps. */
#ifndef BAKTAINER_ABI_SERVICES_SECRET_H
#define BAKTAINER_ABI_SERVICES_SECRET_H

#include "baktainer/abi/call.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BKT_SERVICE_SECRET "bkt.secret/1"

typedef struct bkt_secret {
    uint32_t size;
    uint32_t flags;
    /* Resolves the secret of setting `key` (e.g. "db.password"). `*value` is borrowed until the
     * *call* returns and then zeroised; {NULL, 0} with OK = none configured. [any thread] */
    bkt_rc (*resolve)(const bkt_host *host, const bkt_call *call, bkt_str key,
                      bkt_str *value) BKT_NX;
} bkt_secret;

#ifdef __cplusplus
}
#endif
#endif
