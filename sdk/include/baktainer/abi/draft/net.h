/* draft/net.h: "bkt.net/1". A connection to the target, for engines that speak its protocol themselves.
 *
 * Experimental: may change or go without a new major. A module that uses it lists the id among its `needs`
 * and its `experimental`, and the operator must allow it (plugins.use.<id>.experimental). */
#ifndef BAKTAINER_ABI_DRAFT_NET_H
#define BAKTAINER_ABI_DRAFT_NET_H

#include "baktainer/abi/call.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BKT_SERVICE_NET "bkt.net/1"

typedef struct bkt_net {
    uint32_t size;
    uint32_t flags;
    /* Opens a TCP connection to `host_name`:`port`; `*fd` is the caller's, to close. BKT_UNAVAILABLE =
     * refused or unreachable, BKT_NOT_FOUND = no such name, BKT_TIMEOUT = the call's deadline. TLS, where the
     * server wants it, is the caller's. [any thread] */
    bkt_rc (*dial)(const bkt_host *host, const bkt_call *call, bkt_str host_name, uint32_t port,
                   int32_t *fd) BKT_NX;
} bkt_net;

#ifdef __cplusplus
}
#endif
#endif
