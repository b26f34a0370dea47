/* services/hash.h: "bkt.hash/1". Digests without a crypto library in the plugin. */
#ifndef BAKTAINER_ABI_SERVICES_HASH_H
#define BAKTAINER_ABI_SERVICES_HASH_H

#include "baktainer/abi/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BKT_SERVICE_HASH "bkt.hash/1"

typedef struct bkt_hash {
    uint32_t size;
    uint32_t flags;
    /* Starts a digest: algorithm "sha256". NULL = unknown algorithm or out of memory. */
    void *(*begin)(const bkt_host *host, bkt_str algorithm) BKT_NX;
    void (*update)(void *digest, const void *bytes, uint64_t len) BKT_NX;
    /* Writes the digest (sha256: 32 bytes) into `out` and frees `digest`; `out` NULL = only free. */
    void (*finish)(void *digest, uint8_t *out) BKT_NX;
} bkt_hash;

#ifdef __cplusplus
}
#endif
#endif
