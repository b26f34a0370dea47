/* services/exec.h: "bkt.exec/1". Runs one tool in or beside the target: an argv, never a shell line.
 *
 * How the bytes travel (the transport) is hidden below this service: the daemon's stream, a FIFO, a
 * host process. The caller must not depend on it. A request is cancelled by its call; the tool is
 * then ended where it runs. `in` and `out` are served by one thread: while `in` blocks, no output is
 * read, so a source that waits for the tool's answer must not wait long before there is one. */
#ifndef BAKTAINER_ABI_SERVICES_EXEC_H
#define BAKTAINER_ABI_SERVICES_EXEC_H

#include "baktainer/abi/call.h"
#include "baktainer/abi/stream.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BKT_SERVICE_EXEC "bkt.exec/1"

enum {
    /* Not in the target but beside it: in a short-lived container of the same image, in its network
     * and with its volumes. BKT_UNSUPPORTED where the source has no such thing. Set by the host as
     * the job's `mode` says; a plugin need not. */
    BKT_EXEC_BESIDE = 1u
};

typedef struct bkt_exec_request {
    uint32_t size;
    uint32_t flags; /* BKT_EXEC_* */
    bkt_str target; /* id or name; empty = the target this instance was opened for */
    const bkt_str *argv;
    uint64_t argc;
    const bkt_str *env; /* "NAME=value", added to the target's own; may hold secrets: never logged */
    uint64_t env_count;
    bkt_str user;          /* empty = the container's own */
    const bkt_source *in;  /* NULL = no stdin */
    const bkt_sink *out;   /* NULL = stdout is discarded */
    /* Later addition: look with BKT_HAS. Bytes of a static Linux executable of at most 8 MiB that the
     * target's image need not have: it is put beside the target and run in place of argv[0], whatever the
     * job's `mode` says, and is gone afterwards. Where its user is root it may read every file and become
     * a file's owner, no more. BKT_UNSUPPORTED where the source has no such thing, or its machine is of
     * another architecture. */
    bkt_str program;
} bkt_exec_request;

/* How the exit status was learnt, from best to worst. */
enum {
    BKT_EXIT_WAITED = 1,   /* waited for by its parent on this machine */
    BKT_EXIT_INSPECTED = 2 /* asked of the container engine after the stream ended */
};

typedef struct bkt_exec_result {
    uint32_t size;
    int32_t exit_code; /* death by signal n = 128 + n */
    uint32_t how;      /* BKT_EXIT_* */
    uint32_t reserved;
    uint64_t stdin_bytes;  /* taken from `in` */
    uint64_t stdout_bytes; /* delivered to `out`, as counted by the transport */
    bkt_str stderr_tail;   /* last 64 KiB at most, scrubbed of the run's secrets */
} bkt_exec_result;

typedef struct bkt_exec_report bkt_exec_report;
/* The caller's emitter for the result; `exited` is called at most once, before run() returns. */
struct bkt_exec_report {
    uint32_t size;
    uint32_t flags;
    void *ctx;
    void (*exited)(const bkt_exec_report *report, const bkt_exec_result *result) BKT_NX;
};

typedef struct bkt_exec {
    uint32_t size;
    uint32_t flags;
    /* OK = the tool ran to its end and `exited` told its status, zero or not, and every byte of its
     * stdout was delivered. BKT_NOT_FOUND = no such tool (or target); BKT_TRUNCATED = the stream was
     * cut; BKT_UNAVAILABLE = target or its engine went away. [any thread] */
    bkt_rc (*run)(const bkt_host *host, const bkt_call *call, const bkt_exec_request *request,
                  const bkt_exec_report *report) BKT_NX;
} bkt_exec;

#ifdef __cplusplus
}
#endif
#endif
