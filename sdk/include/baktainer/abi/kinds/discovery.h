/* kinds/discovery.h: finds database servers, and is the way into them.
 *
 * A source that found a target also runs tools in it (`exec`) and, where it can, makes a new server of
 * the same image (`clone`), because only it knows how. Engines never see it: they call the exec
 * service. */
#ifndef BAKTAINER_ABI_KINDS_DISCOVERY_H
#define BAKTAINER_ABI_KINDS_DISCOVERY_H

#include "baktainer/abi/services/exec.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BKT_KIND_DISCOVERY "discovery/0"

enum { BKT_TARGET_HOST_FILES = 1u /* its paths are this machine's own files */ };

/* A server as found. All borrowed for the emitter call. */
typedef struct bkt_target {
    uint32_t size;
    uint32_t flags;       /* BKT_TARGET_* */
    bkt_str id;           /* stable within the source: the container's id, the configured name */
    bkt_str name;         /* for people: compose "project/service", else the container's name */
    bkt_str image;        /* "postgres:15"; empty when not a container */
    bkt_str image_digest; /* "sha256:..."; empty when unknown */
    bkt_str state;        /* "running", or why it cannot be used, e.g. "exited", "paused" */
    const bkt_pair *labels; /* every label, not only ours */
    uint64_t label_count;
    const bkt_pair *env; /* the server's environment; values may be secrets: never logged */
    uint64_t env_count;
    /* Later additions: look with BKT_HAS. */
    uint64_t memory_limit_bytes; /* of the container; 0 = none, or not a container */
    bkt_str address;             /* where this machine reaches the server, e.g. "172.17.0.2"; or empty */
    /* Names of the programs that run there, e.g. "postgres" (as comm of proc(5): 15 bytes at most). Told
     * where image and environment may not be enough; none = unknown. */
    const bkt_str *programs;
    uint64_t program_count;
    /* For people: how a tool's output leaves it, "fifo" or "stream", and why; or empty. */
    bkt_str transport;
    bkt_str transport_reason;
} bkt_target;

typedef struct bkt_target_out bkt_target_out;
struct bkt_target_out {
    uint32_t size;
    uint32_t flags;
    void *ctx;
    /* The host copies. Anything but OK = stop the scan and return that. */
    bkt_rc (*target)(const bkt_target_out *out, const bkt_target *target) BKT_NX;
};

enum {
    BKT_CHANGE_ADDED = 1,   /* started, or its labels changed */
    BKT_CHANGE_REMOVED = 2, /* stopped or destroyed */
    BKT_CHANGE_RESYNC = 3   /* events may have been lost: scan again */
};

typedef struct bkt_change_out bkt_change_out;
struct bkt_change_out {
    uint32_t size;
    uint32_t flags;
    void *ctx;
    bkt_rc (*changed)(const bkt_change_out *out, int32_t change, bkt_str id) BKT_NX;
};

/* Asks for a new server beside `id`: same image by digest, command and environment; no published
 * ports; volumes of its own; none of the original's baktainer labels. */
typedef struct bkt_clone_request {
    uint32_t size;
    uint32_t flags;
    bkt_str id;
    bkt_str name; /* wished for; taken = BKT_EXISTS */
} bkt_clone_request;

typedef struct bkt_discovery_ops {
    uint32_t size;
    uint32_t flags;
    /* Makes an instance. `host` lives until close(). No I/O that can hang: connect on first use. */
    bkt_rc (*open)(const bkt_host *host, const bkt_call *call, void **self) BKT_NX;
    void (*close)(void *self) BKT_NX;
    /* Emits every target it knows: those with any "baktainer." label, and with config
     * "opt_in" = "false" all others too. [op thread] */
    bkt_rc (*scan)(void *self, const bkt_call *call, const bkt_target_out *out) BKT_NX;
    /* Emits changes until cancelled. NULL = cannot: scan again. [op thread] */
    bkt_rc (*watch)(void *self, const bkt_call *call, const bkt_change_out *out) BKT_NX;
    /* As bkt_exec.run; `request->target` is always an id. May run on several threads at once. */
    bkt_rc (*exec)(void *self, const bkt_call *call, const bkt_exec_request *request,
                   const bkt_exec_report *report) BKT_NX;
    /* Starts a clone and emits it (not yet ready for connections: the engine waits). NULL = cannot. */
    bkt_rc (*clone)(void *self, const bkt_call *call, const bkt_clone_request *request,
                    const bkt_target_out *out) BKT_NX;
    /* Removes a clone and its own volumes; refuses (BKT_DENIED) anything clone() did not make. */
    bkt_rc (*remove_clone)(void *self, const bkt_call *call, bkt_str id) BKT_NX;
    /* Says in `text` what it is connected to ("Docker 20.10.24, API 1.41, unix:///...") or fails with
     * the remedy. For `doctor`. */
    bkt_rc (*health)(void *self, const bkt_call *call, bkt_str *text) BKT_NX; /* call->alloc'd */
    /* Optional (NULL). The table of extension `id` ("vendor.name/REV"), or NULL. `self` is an open
     * instance. [any thread] */
    const void *(*extension)(void *self, bkt_str id) BKT_NX;
} bkt_discovery_ops;

#ifdef __cplusplus
}
#endif
#endif
