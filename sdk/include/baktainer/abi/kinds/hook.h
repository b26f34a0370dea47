/* kinds/hook.h: runs before and after a backup, a verify or a restore, and may stop it beforehand. */
#ifndef BAKTAINER_ABI_KINDS_HOOK_H
#define BAKTAINER_ABI_KINDS_HOOK_H

#include "baktainer/abi/call.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BKT_KIND_HOOK "hook/0"

/* Before which step, or after which. An unknown phase: answer nothing, return OK. */
enum {
    BKT_PHASE_BACKUP = 1,
    BKT_PHASE_VERIFY = 2,
    BKT_PHASE_RESTORE = 3
};

/* What is about to happen or has happened. All borrowed for the call; never holds a secret. */
typedef struct bkt_hook_event {
    uint32_t size;
    uint32_t flags;
    int32_t phase;   /* BKT_PHASE_* */
    bkt_rc outcome;  /* of the step, for after(); BKT_OK for before() */
    bkt_str target;  /* its name */
    bkt_str job;
    bkt_str backup;  /* its id; empty before a backup */
    bkt_str json;    /* one JSON object with the above and, afterwards, parts and sizes */
} bkt_hook_event;

enum {
    BKT_DECISION_CONTINUE = 0,
    BKT_DECISION_SKIP = 1, /* do not run it this time; no error */
    BKT_DECISION_ABORT = 2 /* fail the run */
};

typedef struct bkt_hook_out bkt_hook_out;
/* Host-made emitter of one before() or after(). */
struct bkt_hook_out {
    uint32_t size;
    uint32_t flags;
    void *ctx;
    /* The last one counts; none = continue. Ignored after the step. An unknown decision aborts. */
    void (*decide)(const bkt_hook_out *out, int32_t decision, bkt_str reason) BKT_NX;
    /* A fact for the manifest, under "hooks". Never a secret. */
    void (*annotate)(const bkt_hook_out *out, bkt_str key, bkt_str value) BKT_NX;
};

typedef struct bkt_hook_ops {
    uint32_t size;
    uint32_t flags;
    /* As in notifier.h. [op thread] */
    bkt_rc (*open)(const bkt_host *host, const bkt_call *call, void **self) BKT_NX;
    void (*close)(void *self) BKT_NX;
    /* Optional (NULL = continue). A failure is judged by the job's `on_error`. [op thread] */
    bkt_rc (*before)(void *self, const bkt_call *call, const bkt_hook_event *event,
                     const bkt_hook_out *out) BKT_NX;
    /* Optional (NULL). Called whatever the outcome was. [op thread] */
    bkt_rc (*after)(void *self, const bkt_call *call, const bkt_hook_event *event,
                    const bkt_hook_out *out) BKT_NX;
    /* As in notifier.h. [op thread] */
    bkt_rc (*health)(void *self, const bkt_call *call, bkt_str *text) BKT_NX;
    /* Optional (NULL). The table of extension `id` ("vendor.name/REV"), or NULL. `self` is an open
     * instance. [any thread] */
    const void *(*extension)(void *self, bkt_str id) BKT_NX;
} bkt_hook_ops;

#ifdef __cplusplus
}
#endif
#endif
