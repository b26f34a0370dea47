/* kinds/engine.h: knows one database: how to dump it with its own tool, how to tell a whole dump from
 * a cut one, how to put it back.
 *
 * An instance is opened for one job (services/config.h tells its settings) and serves one operation. */
#ifndef BAKTAINER_ABI_KINDS_ENGINE_H
#define BAKTAINER_ABI_KINDS_ENGINE_H

#include "baktainer/abi/kinds/discovery.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BKT_KIND_ENGINE "engine/0"

typedef struct bkt_recognition bkt_recognition;
/* Host-made emitter for recognise(). */
struct bkt_recognition {
    uint32_t size;
    uint32_t flags;
    void *ctx;
    /* How sure: 0 not mine, 50 by environment, 100 by image name. `reason` is shown to people. */
    void (*score)(const bkt_recognition *out, uint32_t score, bkt_str reason) BKT_NX;
    /* What the image's own conventions say a setting is, e.g. db.user from POSTGRES_USER. A label
     * wins over it. For a secret give a reference ("env:POSTGRES_PASSWORD") under its key. */
    void (*setting)(const bkt_recognition *out, bkt_str key, bkt_str value,
                    bkt_str reason) BKT_NX;
    /* Later addition: look with BKT_HAS. Which ways to run its tools this engine can be asked for,
     * BKT_MODE_*; BKT_MODE_EXEC unless told. */
    void (*modes)(const bkt_recognition *out, uint32_t modes) BKT_NX;
};

/* Where an engine's tools run: the label `mode`. */
enum {
    BKT_MODE_EXEC = 1u,    /* in the target */
    BKT_MODE_SIDECAR = 2u, /* beside it: no local socket of the server is there, only its network */
    BKT_MODE_REMOTE = 4u   /* on this machine, over the network: db.host is set */
};

/* What a dump promises about its moment. */
enum {
    BKT_CONSISTENCY_NONE = 0,
    BKT_CONSISTENCY_CRASH = 1,        /* as after a power cut */
    BKT_CONSISTENCY_SNAPSHOT = 2,     /* one moment for a whole part */
    BKT_CONSISTENCY_TRANSACTIONAL = 3 /* one committed state of the whole database */
};

typedef struct bkt_plan bkt_plan;
/* Host-made emitter for plan(). */
struct bkt_plan {
    uint32_t size;
    uint32_t flags;
    void *ctx;
    /* Declares one part. `name` is a file name such as "orders.dump": [A-Za-z0-9._%+=@,-], 1-200
     * bytes, not starting with '.'; odd characters of a database's name are percent-encoded
     * (bkt::part_name). `media_type` tells validator() and people what it is.
     * `estimate_bytes` 0 = unknown. */
    bkt_rc (*part)(const bkt_plan *plan, bkt_str name, bkt_str media_type,
                   uint64_t estimate_bytes) BKT_NX;
    void (*consistency)(const bkt_plan *plan, int32_t consistency) BKT_NX;
    /* A sentence for people in a dry run: locks taken, privileges missing, what is left out. */
    void (*note)(const bkt_plan *plan, bkt_str text) BKT_NX;
    /* Later addition: look with BKT_HAS. `what`, such as "database 'shop'", was asked for and surely is not
     * there: the server was asked, and the login sees everything. Only where the config has "restore.safety",
     * and where nothing is there at all the only word that says so: a plan without a part is an error. */
    void (*gone)(const bkt_plan *plan, bkt_str what) BKT_NX;
};

typedef struct bkt_parts_out bkt_parts_out;
/* Host-made; where dump() delivers. */
struct bkt_parts_out {
    uint32_t size;
    uint32_t flags;
    void *ctx;
    /* Opens a part that plan() declared. The sink lives until finish() or the end of dump(). Several parts
     * may be open at once, each filled by one thread of the plugin's. [any thread] */
    bkt_rc (*begin)(const bkt_parts_out *out, const bkt_call *call, bkt_str name,
                    const bkt_sink **sink) BKT_NX;
    /* Says the part is whole: its tool exited 0 (`exit_code`) and `tool_bytes` bytes came out of it
     * (UINT64_MAX = not counted). The host validates, compares counts and stores durably before it
     * returns OK. A part begun and not finished fails the run. [any thread] */
    bkt_rc (*finish)(const bkt_parts_out *out, const bkt_call *call, const bkt_sink *sink,
                     int32_t exit_code, uint64_t tool_bytes) BKT_NX;
    /* A fact for the manifest: server_version, tool_version, lsn, ... Never a secret. [any thread] */
    void (*fact)(const bkt_parts_out *out, bkt_str key, bkt_str value) BKT_NX;
};

typedef struct bkt_parts_in bkt_parts_in;
/* Host-made; what restore() reads. Every byte was or will be checked against the manifest: a source
 * that ends OK was whole. */
struct bkt_parts_in {
    uint32_t size;
    uint32_t flags;
    void *ctx;
    uint64_t (*count)(const bkt_parts_in *in) BKT_NX;
    bkt_str (*name)(const bkt_parts_in *in, uint64_t index) BKT_NX;
    /* Opens a part; several one after the other, not at once. The source lives until the next open()
     * or the end of restore(). */
    bkt_rc (*open)(const bkt_parts_in *in, const bkt_call *call, bkt_str name,
                   const bkt_source **source) BKT_NX;
};

enum {
    BKT_VALIDATE_DEEP = 1u /* verifying stored bytes: may use temporary disk, e.g. integrity_check */
};

typedef struct bkt_engine_ops {
    uint32_t size;
    uint32_t flags;
    /* Is this target mine, and what does its image say? Pure: no I/O. [op thread] */
    bkt_rc (*recognise)(const bkt_call *call, const bkt_target *target,
                        const bkt_recognition *out) BKT_NX;
    /* `*self` is opaque. When it fails, `*self` is not touched and close() is not called. */
    bkt_rc (*open)(const bkt_host *host, const bkt_call *call, void **self) BKT_NX;
    void (*close)(void *self) BKT_NX;
    /* Asks the server what a dump would hold. Changes nothing: it is also the dry run. */
    bkt_rc (*plan)(void *self, const bkt_call *call, const bkt_plan *plan) BKT_NX;
    /* Called after plan() on the same instance. OK = every planned part was finished. */
    bkt_rc (*dump)(void *self, const bkt_call *call, const bkt_parts_out *out) BKT_NX;
    /* A tap for part `name` of `media_type`; `flags` BKT_VALIDATE_*. Needs no target: it also serves
     * verify. A part without a validator is a part whose end nobody can prove: return
     * BKT_UNSUPPORTED only if the format truly has no end. */
    bkt_rc (*validator)(void *self, const bkt_call *call, bkt_str name, bkt_str media_type,
                        uint32_t flags, const bkt_tap **tap) BKT_NX;
    /* Puts the parts into the target this instance was opened for, waiting first until the server
     * answers. */
    bkt_rc (*restore)(void *self, const bkt_call *call, const bkt_parts_in *in) BKT_NX;
    /* Plain text with the exact commands that restore these parts with standard tools alone, from
     * files already decoded to their plain form, as shell lines. call->alloc'd. */
    bkt_rc (*recipe)(void *self, const bkt_call *call, const bkt_str *parts, uint64_t count,
                     bkt_str *text) BKT_NX;
    /* Optional (NULL). The table of extension `id` ("vendor.name/REV"), or NULL. `self` is an open
     * instance. [any thread] */
    const void *(*extension)(void *self, bkt_str id) BKT_NX;
} bkt_engine_ops;

#ifdef __cplusplus
}
#endif
#endif
