/* services/temp.h: "bkt.temp/1". A private folder for what cannot be streamed. */
#ifndef BAKTAINER_ABI_SERVICES_TEMP_H
#define BAKTAINER_ABI_SERVICES_TEMP_H

#include "baktainer/abi/call.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BKT_SERVICE_TEMP "bkt.temp/1"

typedef struct bkt_temp {
    uint32_t size;
    uint32_t flags;
    /* A folder (0700) of this instance, made on first use, removed after close() or at the next
     * start of the host. `*path` is valid until close(). [any thread] */
    bkt_rc (*dir)(const bkt_host *host, const bkt_call *call, bkt_str *path) BKT_NX;
} bkt_temp;

#ifdef __cplusplus
}
#endif
#endif
