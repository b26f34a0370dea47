/* kinds/secrets.h: resolves references to secrets, e.g. "vault:database/creds#password". */
#ifndef BAKTAINER_ABI_KINDS_SECRETS_H
#define BAKTAINER_ABI_KINDS_SECRETS_H

#include "baktainer/abi/call.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BKT_KIND_SECRETS "secrets/0"

typedef struct bkt_secret_out bkt_secret_out;
struct bkt_secret_out {
    uint32_t size;
    uint32_t flags;
    void *ctx;
    /* The secret; the host copies it into memory of its own, so wipe yours. `ttl_s`: how long it may be
     * used, 0 = for this run. Called at most once. */
    bkt_rc (*value)(const bkt_secret_out *out, const void *bytes, uint64_t len, uint64_t ttl_s) BKT_NX;
};

typedef struct bkt_secrets_ops {
    uint32_t size;
    uint32_t flags;
    /* As in notifier.h. [op thread] */
    bkt_rc (*open)(const bkt_host *host, const bkt_call *call, void **self) BKT_NX;
    void (*close)(void *self) BKT_NX;
    /* `ref`: what follows the scheme, "database/creds#password". BKT_NOT_FOUND, BKT_DENIED. Errors name
     * the reference, never a value. [op thread] */
    bkt_rc (*resolve)(void *self, const bkt_call *call, bkt_str ref, const bkt_secret_out *out) BKT_NX;
    /* As in notifier.h. [op thread] */
    bkt_rc (*health)(void *self, const bkt_call *call, bkt_str *text) BKT_NX;
    /* Optional (NULL). The table of extension `id` ("vendor.name/REV"), or NULL. `self` is an open
     * instance. [any thread] */
    const void *(*extension)(void *self, bkt_str id) BKT_NX;
} bkt_secrets_ops;

#ifdef __cplusplus
}
#endif
#endif
