/* services/config.h: "bkt.config/1". The settings this instance was opened with: for a store or source
 * its configuration; for an engine the job's (keys of the label table) and facts under "target.":
 *   target.id, target.name, target.image   text
 *   target.host_files                      "true" when its files are this machine's own files
 *   restore.database                       where a restore should go ("" = the name it had)
 *   restore.clean                          "true" when what is there shall be replaced
 *   restore.safety                         "true" before a restore in place: docs/plugin-authoring.md
 * Values are text; secrets are never here (services/secret.h). */
#ifndef BAKTAINER_ABI_SERVICES_CONFIG_H
#define BAKTAINER_ABI_SERVICES_CONFIG_H

#include "baktainer/abi/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BKT_SERVICE_CONFIG "bkt.config/1"

typedef struct bkt_key_out bkt_key_out;
struct bkt_key_out {
    uint32_t size;
    uint32_t flags;
    void *ctx;
    /* Anything but OK ends the listing. */
    bkt_rc (*key)(const bkt_key_out *out, bkt_str key) BKT_NX;
};

typedef struct bkt_config {
    uint32_t size;
    uint32_t flags;
    /* The value of `key`, {NULL, 0} when not set. Valid until close(). [any thread] */
    bkt_str (*get)(const bkt_host *host, bkt_str key) BKT_NX;
    /* Emits every key that is set, in byte order. [any thread] */
    bkt_rc (*keys)(const bkt_host *host, const bkt_key_out *out) BKT_NX;
} bkt_config;

#ifdef __cplusplus
}
#endif
#endif
