/* kinds/storage.h: keeps objects under keys.
 *
 * Keys are '/'-separated, each segment of [A-Za-z0-9._%+=@,-], no empty, "." or ".." segment, at most
 * 1024 bytes in all. An object is seen whole or not at all, and is never overwritten unless asked. */
#ifndef BAKTAINER_ABI_KINDS_STORAGE_H
#define BAKTAINER_ABI_KINDS_STORAGE_H

#include "baktainer/abi/call.h"
#include "baktainer/abi/stream.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BKT_KIND_STORAGE "storage/0"

enum {
    BKT_PUT_REPLACE = 1u /* overwrite atomically; without it a taken key is BKT_EXISTS */
};

typedef struct bkt_object {
    uint32_t size;
    uint32_t flags;
    bkt_str key;
    uint64_t size_bytes;
    int64_t modified_ns; /* since 1970, UTC; 0 = unknown */
} bkt_object;

typedef struct bkt_object_out bkt_object_out;
struct bkt_object_out {
    uint32_t size;
    uint32_t flags;
    void *ctx;
    bkt_rc (*object)(const bkt_object_out *out, const bkt_object *object) BKT_NX;
};

typedef struct bkt_storage_ops {
    uint32_t size;
    uint32_t flags;
    bkt_rc (*open)(const bkt_host *host, const bkt_call *call, void **self) BKT_NX;
    void (*close)(void *self) BKT_NX;
    /* Stores all of `source` under `key`, durably, before it returns OK (`flags`: BKT_PUT_*). A source
     * that fails, or any error here, leaves nothing that stat, list or get can see. [op thread,
     * several at once] */
    bkt_rc (*put)(void *self, const bkt_call *call, bkt_str key, uint32_t flags,
                  const bkt_source *source) BKT_NX;
    /* Sends bytes [offset, offset+length) of `key` to `sink`; length 0 = to the end. A range that is not
     * all there fails. */
    bkt_rc (*get)(void *self, const bkt_call *call, bkt_str key, uint64_t offset, uint64_t length,
                  const bkt_sink *sink) BKT_NX;
    /* Emits the object once, or BKT_NOT_FOUND. */
    bkt_rc (*stat)(void *self, const bkt_call *call, bkt_str key, const bkt_object_out *out) BKT_NX;
    /* Emits every object whose key starts with `prefix`, in byte order of the keys. */
    bkt_rc (*list)(void *self, const bkt_call *call, bkt_str prefix,
                   const bkt_object_out *out) BKT_NX;
    /* Removing what is not there is OK. */
    bkt_rc (*remove)(void *self, const bkt_call *call, bkt_str key) BKT_NX;
    /* Removes what interrupted puts left under `prefix` (staged files, open uploads). The host calls
     * it only while no run writes there. `*removed` counts them. */
    bkt_rc (*sweep)(void *self, const bkt_call *call, bkt_str prefix, uint64_t *removed) BKT_NX;
    /* Free bytes, UINT64_MAX = unknown or unlimited. */
    bkt_rc (*free_bytes)(void *self, const bkt_call *call, uint64_t *bytes) BKT_NX;
    /* As in discovery: what it is, or why it cannot be used and the remedy. Writes nothing. */
    bkt_rc (*health)(void *self, const bkt_call *call, bkt_str *text) BKT_NX;
    /* Optional (NULL). The table of extension `id` ("vendor.name/REV"), or NULL. `self` is an open
     * instance. [any thread] */
    const void *(*extension)(void *self, bkt_str id) BKT_NX;
} bkt_storage_ops;

#ifdef __cplusplus
}
#endif
#endif
