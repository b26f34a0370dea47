/* services/events.h: "bkt.events/1". Says that something worth telling happened: it goes to the log, to the
 * history and to notifiers, as an event "plugin.event" with the plugin's id. */
#ifndef BAKTAINER_ABI_SERVICES_EVENTS_H
#define BAKTAINER_ABI_SERVICES_EVENTS_H

#include "baktainer/abi/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BKT_SERVICE_EVENTS "bkt.events/1"

typedef struct bkt_events {
    uint32_t size;
    uint32_t flags;
    /* `severity` as BKT_SEVERITY_* of kinds/notifier.h; `name` [a-z0-9_.]+; `text` for people, 4 KiB at
     * most, scrubbed of the run's secrets. [any thread] */
    void (*emit)(const bkt_host *host, int32_t severity, bkt_str name, bkt_str text) BKT_NX;
} bkt_events;

#ifdef __cplusplus
}
#endif
#endif
