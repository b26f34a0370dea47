/* stream.h: bytes in and out. All calls block; blocking is the back-pressure.
 *
 * End of data is not success: an artefact counts only when the operation that made it returned OK,
 * the counts agree and the validator finished OK. */
#ifndef BAKTAINER_ABI_STREAM_H
#define BAKTAINER_ABI_STREAM_H

#include "baktainer/abi/call.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bkt_sink bkt_sink;
/* Takes bytes. Its maker says how long it lives. */
struct bkt_sink {
    uint32_t size;
    uint32_t flags;
    void *ctx;
    /* Takes all `len` bytes or fails; after a failure nothing more may be written. The bytes are
     * copied before return. One thread at a time. [any thread] */
    bkt_rc (*write)(const bkt_sink *sink, const void *bytes, uint64_t len) BKT_NX;
    /* Optional (NULL): lends a buffer of `*cap` bytes (at least 1) to be filled in place, then
     * `commit(n)`, n <= cap. Saves one copy where the producer reads from a descriptor. */
    bkt_rc (*reserve)(const bkt_sink *sink, void **bytes, uint64_t *cap) BKT_NX;
    bkt_rc (*commit)(const bkt_sink *sink, uint64_t len) BKT_NX;
};

typedef struct bkt_source bkt_source;
/* Gives bytes. */
struct bkt_source {
    uint32_t size;
    uint32_t flags;
    void *ctx;
    /* Reads up to `cap` bytes into `bytes`; `*len` may be short; OK with `*len` 0 is the end, and
     * only a whole upstream ends so: a failed one returns its error instead. [any thread] */
    bkt_rc (*read)(const bkt_source *source, void *bytes, uint64_t cap, uint64_t *len) BKT_NX;
    uint64_t size_bytes; /* when known, else 0 */
};

typedef struct bkt_tap bkt_tap;
/* Sees every byte of one part, changes none, and says at the end whether the part is whole. */
struct bkt_tap {
    uint32_t size;
    uint32_t flags;
    void *ctx;
    /* A failure ends the part: it is never published. [pipeline thread] */
    bkt_rc (*feed)(const bkt_tap *tap, const bkt_call *call, const void *bytes, uint64_t len) BKT_NX;
    /* Called once, after the last byte. Anything but OK: the part is not whole. */
    bkt_rc (*finish)(const bkt_tap *tap, const bkt_call *call) BKT_NX;
    /* Frees the tap; always called, last, finished or not. */
    void (*release)(const bkt_tap *tap) BKT_NX;
};

#ifdef __cplusplus
}
#endif
#endif
