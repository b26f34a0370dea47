/* A discovery source of the spine: one server, in which two "tools" can be run. `old-dump` writes the rows
 * of config "rows"; `old-restore` takes its stdin into memory, which `old-show` gives back. */
#include <stdlib.h>
#include <string.h>

#include "baktainer/abi/kinds/discovery.h"
#include "baktainer/abi/services/config.h"
#include "baktainer/abi/services/log.h"

typedef struct box {
    const bkt_host* host;
    char restored[4096];
    uint64_t restored_len;
} box;

static bkt_str text(const char* s) {
    const bkt_str out = {s, strlen(s)};
    return out;
}
static int is(bkt_str a, const char* b) { return a.len == strlen(b) && !memcmp(a.ptr, b, a.len); }

static bkt_rc open_box(const bkt_host* host, const bkt_call* call, void** self) {
    const bkt_log* log = host->service(host, text(BKT_SERVICE_LOG));
    box* made = calloc(1, sizeof *made);
    (void)call;
    if (!made) return BKT_BUG;
    if (log) log->log(host, BKT_LOG_DEBUG, text("opened, as of old"));
    made->host = host;
    *self = made;
    return BKT_OK;
}
static void close_box(void* self) { free(self); }

static bkt_rc scan(void* self, const bkt_call* call, const bkt_target_out* out) {
    const bkt_pair label = {text("baktainer.backup"), text("true")};
    bkt_target target = {sizeof target,
                         0,
                         text("box-1"),
                         text("box"),
                         text("old:1"),
                         {NULL, 0},
                         text("running"),
                         &label,
                         1,
                         NULL,
                         0};
    (void)self;
    (void)call;
    return out->target(out, &target);
}

static bkt_rc drain(box* me, const bkt_source* in) {
    uint64_t n = 0;
    me->restored_len = 0;
    for (;;) {
        const bkt_rc rc = in->read(in, me->restored + me->restored_len,
                                   sizeof me->restored - me->restored_len, &n);
        if (rc != BKT_OK || n == 0) return rc;
        me->restored_len += n;
    }
}

static bkt_rc exec(void* self, const bkt_call* call, const bkt_exec_request* request,
                   const bkt_exec_report* report) {
    box* me = self;
    bkt_exec_result result = {0};
    bkt_str out = {NULL, 0};
    bkt_rc rc = BKT_OK;
    if (request->argc == 0) return BKT_INVALID;
    if (is(request->argv[0], "old-dump")) {
        const bkt_config* config = me->host->service(me->host, text(BKT_SERVICE_CONFIG));
        out = config->get(me->host, text("rows"));
    } else if (is(request->argv[0], "old-restore")) {
        if (request->in) rc = drain(me, request->in);
    } else if (is(request->argv[0], "old-show")) {
        out.ptr = me->restored, out.len = me->restored_len;
    } else {
        call->fail(call, BKT_NOT_FOUND, text("no such tool"), text(""), 0);
        return BKT_NOT_FOUND;
    }
    if (rc == BKT_OK && request->out && out.len)
        rc = request->out->write(request->out, out.ptr, out.len);
    if (rc != BKT_OK) return rc;
    result.size = sizeof result;
    result.how = BKT_EXIT_WAITED;
    result.stdin_bytes = me->restored_len;
    result.stdout_bytes = out.len;
    report->exited(report, &result);
    return BKT_OK;
}

static bkt_rc health(void* self, const bkt_call* call, bkt_str* out) {
    (void)self;
    (void)call;
    *out = text("an old box");
    return BKT_OK;
}

static const bkt_discovery_ops kOps = {
    .size = sizeof kOps,
    .open = open_box,
    .close = close_box,
    .scan = scan,
    .exec = exec,
    .health = health,
};
static const bkt_component kComponent = {sizeof kComponent, 0,         BKT_KIND_DISCOVERY,
                                         "old-box",         "Old box", &kOps};
static const bkt_component* const kComponents[] = {&kComponent};
static const bkt_module kModule = {sizeof kModule, 0, "museum.spine.discovery", "0.1.0", "museum",
                                   kComponents,    1};

BKT_EXPORT const bkt_module* bkt_module_v0(void);
const bkt_module* bkt_module_v0(void) { return &kModule; }
