/* services/clock.h: "bkt.clock/1". Time as the host sees it, so that tests can bend it. */
#ifndef BAKTAINER_ABI_SERVICES_CLOCK_H
#define BAKTAINER_ABI_SERVICES_CLOCK_H

#include "baktainer/abi/call.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BKT_SERVICE_CLOCK "bkt.clock/1"

typedef struct bkt_clock {
    uint32_t size;
    uint32_t flags;
    int64_t (*wall_ns)(const bkt_host *host) BKT_NX;       /* since 1970, UTC */
    uint64_t (*monotonic_ns)(const bkt_host *host) BKT_NX; /* CLOCK_MONOTONIC */
    /* Sleeps, or returns BKT_CANCELLED or BKT_TIMEOUT early. */
    bkt_rc (*sleep_ns)(const bkt_host *host, const bkt_call *call, uint64_t ns) BKT_NX;
} bkt_clock;

#ifdef __cplusplus
}
#endif
#endif
