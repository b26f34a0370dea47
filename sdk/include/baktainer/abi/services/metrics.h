/* services/metrics.h: "bkt.metrics/1". Numbers for the metrics page, under baktainer_plugin_<name>. */
#ifndef BAKTAINER_ABI_SERVICES_METRICS_H
#define BAKTAINER_ABI_SERVICES_METRICS_H

#include "baktainer/abi/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BKT_SERVICE_METRICS "bkt.metrics/1"

/* Names are [a-z0-9_]+ and end in their unit ("requests_total", "latency_seconds"); 100 a component at
 * most, further ones are dropped. */
typedef struct bkt_metrics {
    uint32_t size;
    uint32_t flags;
    void (*add)(const bkt_host *host, bkt_str name, double amount) BKT_NX; /* counter [any thread] */
    void (*set)(const bkt_host *host, bkt_str name, double value) BKT_NX;  /* gauge [any thread] */
} bkt_metrics;

#ifdef __cplusplus
}
#endif
#endif
