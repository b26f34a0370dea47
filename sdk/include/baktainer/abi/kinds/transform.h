/* kinds/transform.h: one reversible step of a part's bytes, such as compression or encryption. */
#ifndef BAKTAINER_ABI_KINDS_TRANSFORM_H
#define BAKTAINER_ABI_KINDS_TRANSFORM_H

#include "baktainer/abi/stream.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BKT_KIND_TRANSFORM "transform/0"

enum {
    BKT_TRANSFORM_DETERMINISTIC = 1u, /* the same bytes give the same bytes */
    BKT_TRANSFORM_AUTHENTICATED = 2u  /* decode() finds any change of the bytes */
};

typedef struct bkt_header_out bkt_header_out;
struct bkt_header_out {
    uint32_t size;
    uint32_t flags;
    void *ctx;
    /* What decode() must be told besides the bytes: parameters, a nonce, a key's id. Never a key. Kept
     * in the manifest; 4 KiB at most. Called at most once, before the first byte is written. */
    bkt_rc (*header)(const bkt_header_out *out, const void *bytes, uint64_t len) BKT_NX;
};

typedef struct bkt_transform_ops {
    uint32_t size;
    uint32_t flags;
    /* As in notifier.h. [op thread] */
    bkt_rc (*open)(const bkt_host *host, const bkt_call *call, void **self) BKT_NX;
    void (*close)(void *self) BKT_NX;
    /* `*caps`: BKT_TRANSFORM_*. [op thread] */
    bkt_rc (*caps)(void *self, const bkt_call *call, uint64_t *caps) BKT_NX;
    /* Reads all of `source`, writes `sink`. [op thread] */
    bkt_rc (*encode)(void *self, const bkt_call *call, const bkt_source *source, const bkt_sink *sink,
                     const bkt_header_out *header) BKT_NX;
    /* The reverse. Bytes that end early are BKT_TRUNCATED, wrong ones BKT_CORRUPT; what was written
     * until then is thrown away. [op thread] */
    bkt_rc (*decode)(void *self, const bkt_call *call, const void *header, uint64_t header_len,
                     const bkt_source *source, const bkt_sink *sink) BKT_NX;
    /* Optional (NULL). The table of extension `id` ("vendor.name/REV"), or NULL. `self` is an open
     * instance. [any thread] */
    const void *(*extension)(void *self, bkt_str id) BKT_NX;
} bkt_transform_ops;

#ifdef __cplusplus
}
#endif
#endif
