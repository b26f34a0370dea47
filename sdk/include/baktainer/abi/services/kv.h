/* services/kv.h: "bkt.kv/1". A little state that outlives the instance: a cursor, a thread's id.
 *
 * Plugins keep nothing else between calls, so that the process they run in may end at any time. */
#ifndef BAKTAINER_ABI_SERVICES_KV_H
#define BAKTAINER_ABI_SERVICES_KV_H

#include "baktainer/abi/call.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BKT_SERVICE_KV "bkt.kv/1"

/* A key has 1-200 bytes, a value 64 KiB at most, a component 1000 keys. Others' are out of reach. */
typedef struct bkt_kv {
    uint32_t size;
    uint32_t flags;
    /* BKT_NOT_FOUND when there is none. `*value` is call->alloc'd. [any thread] */
    bkt_rc (*get)(const bkt_host *host, const bkt_call *call, bkt_str key, bkt_str *value) BKT_NX;
    /* Stores durably. [any thread] */
    bkt_rc (*put)(const bkt_host *host, const bkt_call *call, bkt_str key, bkt_str value) BKT_NX;
    /* Stores `value` if the present one is `expected` ({NULL, 0} = there is none), else BKT_CONFLICT.
     * [any thread] */
    bkt_rc (*swap)(const bkt_host *host, const bkt_call *call, bkt_str key, bkt_str expected,
                   bkt_str value) BKT_NX;
    /* Removing what is not there is OK. [any thread] */
    bkt_rc (*remove)(const bkt_host *host, const bkt_call *call, bkt_str key) BKT_NX;
} bkt_kv;

#ifdef __cplusplus
}
#endif
#endif
