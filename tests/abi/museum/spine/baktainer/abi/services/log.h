/* services/log.h: "bkt.log/1". Lines reach the log with the plugin's id; secrets the run knows are
 * scrubbed. */
#ifndef BAKTAINER_ABI_SERVICES_LOG_H
#define BAKTAINER_ABI_SERVICES_LOG_H

#include "baktainer/abi/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BKT_SERVICE_LOG "bkt.log/1"

enum { BKT_LOG_DEBUG = 0, BKT_LOG_INFO = 1, BKT_LOG_WARNING = 2, BKT_LOG_ERROR = 3 };

typedef struct bkt_log {
    uint32_t size;
    uint32_t flags;
    /* An unknown level is taken as BKT_LOG_ERROR. [any thread] */
    void (*log)(const bkt_host *host, int32_t level, bkt_str message) BKT_NX;
} bkt_log;

#ifdef __cplusplus
}
#endif
#endif
