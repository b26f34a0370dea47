/* An engine of the spine, for images called "old": its dump is text that ends with a line "end". */
#include <stdlib.h>
#include <string.h>

#include "baktainer/abi/kinds/engine.h"
#include "baktainer/abi/services/exec.h"

typedef struct engine {
    const bkt_host* host;
} engine;

static bkt_str text(const char* s) {
    const bkt_str out = {s, strlen(s)};
    return out;
}

/* --- what comes of a tool --- */
static void exited(const bkt_exec_report* report, const bkt_exec_result* result) {
    bkt_exec_result* out = report->ctx;
    memcpy(out, result, result->size < sizeof *out ? result->size : sizeof *out);
}

static bkt_rc run(engine* me, const bkt_call* call, const char* tool, const bkt_source* in,
                  const bkt_sink* out, bkt_exec_result* result) {
    const bkt_exec* exec = me->host->service(me->host, text(BKT_SERVICE_EXEC));
    const bkt_str argv = text(tool);
    bkt_exec_request request = {0};
    const bkt_exec_report report = {sizeof report, 0, result, exited};
    if (!exec) return BKT_UNSUPPORTED;
    request.size = sizeof request;
    request.argv = &argv;
    request.argc = 1;
    request.in = in;
    request.out = out;
    result->exit_code = -1;
    return exec->run(me->host, call, &request, &report);
}

/* --- the methods --- */
static bkt_rc recognise(const bkt_call* call, const bkt_target* target,
                        const bkt_recognition* out) {
    (void)call;
    if (target->image.len >= 4 && !memcmp(target->image.ptr, "old:", 4))
        out->score(out, 100, text("the image is called 'old'"));
    return BKT_OK;
}

static bkt_rc open_engine(const bkt_host* host, const bkt_call* call, void** self) {
    engine* made = calloc(1, sizeof *made);
    (void)call;
    if (!made) return BKT_BUG;
    made->host = host;
    *self = made;
    return BKT_OK;
}
static void close_engine(void* self) { free(self); }

static bkt_rc plan(void* self, const bkt_call* call, const bkt_plan* out) {
    (void)self;
    (void)call;
    out->consistency(out, BKT_CONSISTENCY_SNAPSHOT);
    return out->part(out, text("all.txt"), text("text/x-old"), 0);
}

static bkt_rc dump(void* self, const bkt_call* call, const bkt_parts_out* out) {
    const bkt_sink* sink = NULL;
    bkt_exec_result result = {0};
    bkt_rc rc = out->begin(out, call, text("all.txt"), &sink);
    if (rc == BKT_OK) rc = run(self, call, "old-dump", NULL, sink, &result);
    if (rc != BKT_OK) return rc;
    out->fact(out, text("tool_version"), text("1"));
    return out->finish(out, call, sink, result.exit_code, result.stdout_bytes);
}

/* The tap: the last four bytes must be "end\n". */
typedef struct tail {
    bkt_tap tap;
    char last[4];
} tail;

static bkt_rc feed(const bkt_tap* tap, const bkt_call* call, const void* bytes, uint64_t len) {
    tail* me = tap->ctx;
    const char* p = bytes;
    uint64_t i;
    (void)call;
    for (i = 0; i < len; ++i) {
        memmove(me->last, me->last + 1, 3);
        me->last[3] = p[i];
    }
    return BKT_OK;
}
static bkt_rc finish(const bkt_tap* tap, const bkt_call* call) {
    const tail* me = tap->ctx;
    if (!memcmp(me->last, "end\n", 4)) return BKT_OK;
    call->fail(call, BKT_TRUNCATED, text("the old dump has no end"), text(""), 0);
    return BKT_TRUNCATED;
}
static void release(const bkt_tap* tap) { free(tap->ctx); }

static bkt_rc validator(void* self, const bkt_call* call, bkt_str name, bkt_str media_type,
                        uint32_t flags, const bkt_tap** out) {
    tail* made = calloc(1, sizeof *made);
    (void)self;
    (void)call;
    (void)name;
    (void)media_type;
    (void)flags;
    if (!made) return BKT_BUG;
    made->tap.size = sizeof made->tap;
    made->tap.ctx = made;
    made->tap.feed = feed;
    made->tap.finish = finish;
    made->tap.release = release;
    *out = &made->tap;
    return BKT_OK;
}

static bkt_rc restore(void* self, const bkt_call* call, const bkt_parts_in* in) {
    const bkt_source* source = NULL;
    bkt_exec_result result = {0};
    bkt_rc rc = in->open(in, call, text("all.txt"), &source);
    if (rc == BKT_OK) rc = run(self, call, "old-restore", source, NULL, &result);
    return rc != BKT_OK ? rc : result.exit_code == 0 ? BKT_OK : BKT_FAILED;
}

static bkt_rc recipe(void* self, const bkt_call* call, const bkt_str* parts, uint64_t count,
                     bkt_str* out) {
    static const char kText[] = "old-restore < all.txt";
    char* copy = call->alloc(call, sizeof kText);
    (void)self;
    (void)parts;
    (void)count;
    if (!copy) return BKT_BUG;
    memcpy(copy, kText, sizeof kText);
    *out = text(copy);
    return BKT_OK;
}

static const bkt_engine_ops kOps = {sizeof kOps, 0,    recognise, open_engine, close_engine,
                                    plan,        dump, validator, restore,     recipe};
static const bkt_component kComponent = {sizeof kComponent, 0,    BKT_KIND_ENGINE, "old",
                                         "Old engine",      &kOps};
static const bkt_component* const kComponents[] = {&kComponent};
static const bkt_module kModule = {sizeof kModule, 0, "museum.spine.engine", "0.1.0", "museum",
                                   kComponents,    1};

BKT_EXPORT const bkt_module* bkt_module_v0(void);
const bkt_module* bkt_module_v0(void) { return &kModule; }
