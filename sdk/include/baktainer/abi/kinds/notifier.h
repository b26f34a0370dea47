/* kinds/notifier.h: tells people what happened.
 *
 * Being unable to tell never fails a backup: the host tries for a bounded time and says so in its log. */
#ifndef BAKTAINER_ABI_KINDS_NOTIFIER_H
#define BAKTAINER_ABI_KINDS_NOTIFIER_H

#include "baktainer/abi/call.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BKT_KIND_NOTIFIER "notifier/0"

enum {
    BKT_SEVERITY_DEBUG = 0,
    BKT_SEVERITY_INFO = 1,
    BKT_SEVERITY_WARNING = 2,
    BKT_SEVERITY_ERROR = 3 /* an unknown one is taken as this */
};

/* Something that happened. All borrowed for the call; never holds a secret. */
typedef struct bkt_event {
    uint32_t size;
    uint32_t flags;
    int32_t severity; /* BKT_SEVERITY_* */
    uint32_t reserved;
    int64_t time_ns; /* since 1970, UTC */
    bkt_str key;     /* the same for a repeated delivery of the same event: for idempotency */
    bkt_str type;    /* of the event table, e.g. "run.finished" */
    bkt_str title;   /* one line for people */
    bkt_str text;    /* some lines for people */
    bkt_str json;    /* one JSON object: key, type, severity, time, title and the event's fields */
} bkt_event;

typedef struct bkt_notifier_ops {
    uint32_t size;
    uint32_t flags;
    /* `*self` is opaque. When it fails, `*self` is not touched and close() is not called. No I/O:
     * connect on first use. [op thread] */
    bkt_rc (*open)(const bkt_host *host, const bkt_call *call, void **self) BKT_NX;
    void (*close)(void *self) BKT_NX;
    /* Delivers one event, or fails: BKT_UNAVAILABLE is retried, BKT_DENIED and BKT_INVALID are not. A
     * second call with the same key may be a repetition. [op thread] */
    bkt_rc (*notify)(void *self, const bkt_call *call, const bkt_event *event) BKT_NX;
    /* Optional (NULL = notify() each). One message for many events: what a schedule collects, as a daily
     * digest; `count` is 1 or more. A single command (`backup --all`) tells each event as it happens and never calls this; the
     * conformance suite does. [op thread] */
    bkt_rc (*digest)(void *self, const bkt_call *call, const bkt_event *const *events,
                     uint64_t count) BKT_NX;
    /* Says in `text` where it delivers to, or fails with the remedy. Delivers nothing. call->alloc'd.
     * [op thread] */
    bkt_rc (*health)(void *self, const bkt_call *call, bkt_str *text) BKT_NX;
    /* Optional (NULL). The table of extension `id` ("vendor.name/REV"), or NULL. `self` is an open
     * instance. [any thread] */
    const void *(*extension)(void *self, bkt_str id) BKT_NX;
} bkt_notifier_ops;

#ifdef __cplusplus
}
#endif
#endif
