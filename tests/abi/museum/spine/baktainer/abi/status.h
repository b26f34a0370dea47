/* status.h: how a call ended. Each category is one decision for the host, never a mood. */
#ifndef BAKTAINER_ABI_STATUS_H
#define BAKTAINER_ABI_STATUS_H

#include <stdint.h>

typedef int32_t bkt_rc;

enum {
    BKT_OK = 0,
    BKT_CANCELLED = -1,    /* the caller asked to stop */
    BKT_TIMEOUT = -2,      /* the deadline passed */
    BKT_INVALID = -3,      /* configuration or user input is wrong: no retry */
    BKT_NOT_FOUND = -4,    /* database, object, container, file: not there */
    BKT_EXISTS = -5,       /* the name is taken and nothing was overwritten */
    BKT_DENIED = -6,       /* credentials or permission refused */
    BKT_UNAVAILABLE = -7,  /* not reachable now: retry with back-off */
    BKT_NO_SPACE = -8,     /* the store or a temporary folder is full */
    BKT_TRUNCATED = -9,    /* the bytes end before their end: never publish */
    BKT_CORRUPT = -10,     /* the bytes are wrong: never retry silently, quarantine */
    BKT_UNSUPPORTED = -11, /* this plugin or host cannot do that */
    BKT_CONFLICT = -12,    /* somebody else holds or changed it */
    BKT_FAILED = -13,      /* a tool or server said no; its own words are in the message */
    BKT_BUG = -14,         /* a broken promise inside plugin or host */
    BKT_FAULT = -15        /* host only: a plugin crashed or broke a rule of the contract */
};

#endif
