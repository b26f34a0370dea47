/* abi.h: the one door of a Baktainer plugin, and the few types every other header needs.
 *
 * A plugin is a shared library that exports exactly one symbol, `bkt_module_v0`. Everything else
 * travels through the tables that function returns and is given. Rules for every struct here:
 *   - it starts with `uint32_t size`, set by whoever made it; a reader asks BKT_HAS before it reads
 *     a field, because the other side may be older;
 *   - fields are only ever appended; 0 always means "absent, default";
 *   - nobody fills a struct the other side allocated: results are scalars, opaque handles, or calls
 *     to an emitter (`out->item(out, &thing)`);
 *   - `bkt_str` and `bkt_pair` are the only structs held by value and are frozen.
 * Pointers handed in die when the call returns unless the text says otherwise. Nothing may throw
 * across the wall: in C++ the function pointer types are `noexcept`, so a throwing function does
 * not compile into a table.
 *
 * v0 is not frozen: a host and its plugins are built from the same SDK until docs/abi says v1. */
#ifndef BAKTAINER_ABI_ABI_H
#define BAKTAINER_ABI_ABI_H

#include <stddef.h>
#include <stdint.h>

#include "baktainer/abi/status.h"

#ifdef __cplusplus
#define BKT_NX noexcept
#define BKT_EXPORT extern "C" __attribute__((visibility("default")))
extern "C" {
#else
#define BKT_NX
#define BKT_EXPORT __attribute__((visibility("default")))
#endif

/* Minor revision of this header. A module states the lowest it *needs*, not this one. */
#define BKT_ABI_MINOR 0u

/* True when the producer of `*ptr` knew `field`. For pointers also test for NULL. */
#define BKT_HAS(ptr, type, field) \
    ((ptr)->size >= offsetof(type, field) + sizeof(((const type *)0)->field))

/* UTF-8, not NUL-terminated, borrowed for the call. {NULL, 0} is the empty text. Frozen. */
typedef struct bkt_str {
    const char *ptr;
    uint64_t len; /* bytes */
} bkt_str;

/* A name and its value, both borrowed for the call. Frozen. */
typedef struct bkt_pair {
    bkt_str key;
    bkt_str value;
} bkt_pair;

struct bkt_call; /* call.h */

typedef struct bkt_host bkt_host;
/* The host as one plugin instance sees it. Valid from open() until close() returns. */
struct bkt_host {
    uint32_t size;
    uint32_t abi_minor;
    void *ctx;
    bkt_str name;    /* "baktainer" */
    bkt_str version; /* of the host program */
    /* Returns the table of service `id` (services/ *.h, e.g. "bkt.log/1"), or NULL when this host
     * does not offer it. The table is valid as long as the host struct. [any thread] */
    const void *(*service)(const bkt_host *host, bkt_str id) BKT_NX;
};

/* One thing a module offers: an engine, a storage, a discovery source. Static data. */
typedef struct bkt_component {
    uint32_t size;
    uint32_t flags; /* none defined: 0 */
    const char *kind;  /* BKT_KIND_* of kinds/ *.h, NUL-terminated */
    const char *name;  /* slug users write in configuration and labels, e.g. "postgres" */
    const char *title; /* one line for people */
    const void *ops;   /* bkt_engine_ops, bkt_storage_ops or bkt_discovery_ops, by kind */
} bkt_component;

/* What a library is. All static const data, valid until the process ends: plugins are never
 * unloaded, because thread-local destructors and atexit handlers would outlive their code. */
typedef struct bkt_module {
    uint32_t size;
    uint32_t abi_min_minor;
    const char *id;      /* reverse DNS or "baktainer.<kind>.<name>" for built-ins */
    const char *version; /* semver */
    const char *vendor;
    const bkt_component *const *components; /* array of pointers: an element may grow */
    uint64_t component_count;
} bkt_module;

/* The one exported symbol: `const bkt_module *bkt_module_v0(void)`. Called once, serialised, must
 * be fast and do no I/O. NULL = the library refuses to serve. [control thread] */
typedef const bkt_module *(*bkt_module_fn)(void)BKT_NX;
#define BKT_MODULE_SYMBOL "bkt_module_v0"

#ifdef __cplusplus
}
#endif
#endif
