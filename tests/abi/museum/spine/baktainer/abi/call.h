/* call.h: the one parameter every fallible call gets. Made by the host for one call; dead when the
 * call returns, so nothing of it may be kept. It replaces errno, last-error and allocators. */
#ifndef BAKTAINER_ABI_CALL_H
#define BAKTAINER_ABI_CALL_H

#include "baktainer/abi/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bkt_call bkt_call;
struct bkt_call {
    uint32_t size;
    uint32_t flags; /* none defined: 0 */
    void *ctx;
    uint64_t deadline_ns; /* CLOCK_MONOTONIC; 0 = none */
    int32_t cancel_fd;    /* becomes readable when cancelled; poll() it, never read it; -1 = none */
    int32_t reserved;
    /* Non-zero once the caller wants the call to end. [any thread] */
    int32_t (*cancelled)(const bkt_call *call) BKT_NX;
    /* Says why the call is about to return `rc`. `message`: lowercase, no full stop; `hint`: what the
     * operator can do. The last one before return counts; the host copies. `retry_after_ms` 0 =
     * unknown. [any thread] */
    void (*fail)(const bkt_call *call, bkt_rc rc, bkt_str message, bkt_str hint,
                 uint64_t retry_after_ms) BKT_NX;
    /* `done` of `total` units; total 0 = unknown. Cheap to call often. [any thread] */
    void (*progress)(const bkt_call *call, uint64_t done, uint64_t total, bkt_str stage) BKT_NX;
    /* Zeroed memory the host frees after the call; NULL = out of memory. [any thread] */
    void *(*alloc)(const bkt_call *call, uint64_t size_bytes) BKT_NX;
};

#ifdef __cplusplus
}
#endif
#endif
