/* services/thread.h: "bkt.thread/1". Which of the threads of the contract is this? For assertions. */
#ifndef BAKTAINER_ABI_SERVICES_THREAD_H
#define BAKTAINER_ABI_SERVICES_THREAD_H

#include "baktainer/abi/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BKT_SERVICE_THREAD "bkt.thread/1"

enum {
    BKT_THREAD_OTHER = 0,   /* the plugin's own, or unknown */
    BKT_THREAD_CONTROL = 1, /* entry, init, deinit */
    BKT_THREAD_OP = 2,      /* inside a call on an instance */
    BKT_THREAD_PIPELINE = 3 /* inside a tap */
};

typedef struct bkt_thread {
    uint32_t size;
    uint32_t flags;
    uint32_t (*current)(const bkt_host *host) BKT_NX; /* BKT_THREAD_* [any thread] */
} bkt_thread;

#ifdef __cplusplus
}
#endif
#endif
