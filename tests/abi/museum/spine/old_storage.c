/* A store of the spine that keeps its objects in memory, sorted by key. One instance, one thread. */
#include <stdlib.h>
#include <string.h>

#include "baktainer/abi/kinds/storage.h"

typedef struct object {
    struct object* next;
    char* key;
    char* bytes;
    uint64_t key_len, len;
} object;
typedef struct store {
    object* first;
} store;

static bkt_str text(const char* s) {
    const bkt_str out = {s, strlen(s)};
    return out;
}
static int order(const object* o, bkt_str key) {
    const uint64_t n = o->key_len < key.len ? o->key_len : key.len;
    const int bytes = memcmp(o->key, key.ptr, n);
    return bytes ? bytes : (o->key_len > key.len) - (o->key_len < key.len);
}
/* The link to `key`, or to where it belongs. */
static object** place(store* me, bkt_str key) {
    object** at = &me->first;
    while (*at && order(*at, key) < 0) at = &(*at)->next;
    return at;
}
static void drop(object** at) {
    object* gone = *at;
    *at = gone->next;
    free(gone->key);
    free(gone->bytes);
    free(gone);
}

static bkt_rc open_store(const bkt_host* host, const bkt_call* call, void** self) {
    (void)host;
    (void)call;
    *self = calloc(1, sizeof(store));
    return *self ? BKT_OK : BKT_BUG;
}
static void close_store(void* self) {
    store* me = self;
    while (me->first) drop(&me->first);
    free(me);
}

static bkt_rc put(void* self, const bkt_call* call, bkt_str key, uint32_t flags,
                  const bkt_source* source) {
    object** at = place(self, key);
    const int there = *at && order(*at, key) == 0;
    char* bytes = NULL;
    uint64_t len = 0, n = 0;
    object* made;
    if (there && !(flags & BKT_PUT_REPLACE)) {
        call->fail(call, BKT_EXISTS, text("the key is taken"), text(""), 0);
        return BKT_EXISTS;
    }
    for (;;) {
        char* more = realloc(bytes, len + 4096);
        bkt_rc rc;
        if (!more) return free(bytes), BKT_NO_SPACE;
        bytes = more;
        rc = source->read(source, bytes + len, 4096, &n);
        if (rc != BKT_OK) return free(bytes), rc;
        if (n == 0) break;
        len += n;
    }
    made = calloc(1, sizeof *made);
    made->key = malloc(key.len);
    memcpy(made->key, key.ptr, key.len);
    made->key_len = key.len;
    made->bytes = bytes;
    made->len = len;
    if (there) drop(at);
    made->next = *at;
    *at = made;
    return BKT_OK;
}

static bkt_rc get(void* self, const bkt_call* call, bkt_str key, uint64_t offset, uint64_t length,
                  const bkt_sink* sink) {
    const object* o = *place(self, key);
    (void)call;
    if (!o || order(o, key) != 0) return BKT_NOT_FOUND;
    if (offset > o->len) offset = o->len;
    if (length == 0 || length > o->len - offset) length = o->len - offset;
    return sink->write(sink, o->bytes + offset, length);
}

static bkt_rc emit(const object* o, const bkt_object_out* out) {
    const bkt_str key = {o->key, o->key_len};
    const bkt_object object = {sizeof object, 0, key, o->len, 0};
    return out->object(out, &object);
}

static bkt_rc stat_object(void* self, const bkt_call* call, bkt_str key,
                          const bkt_object_out* out) {
    const object* o = *place(self, key);
    if (o && order(o, key) == 0) return emit(o, out);
    call->fail(call, BKT_NOT_FOUND, text("no such object"), text(""), 0);
    return BKT_NOT_FOUND;
}

static bkt_rc list(void* self, const bkt_call* call, bkt_str prefix, const bkt_object_out* out) {
    const object* o;
    bkt_rc rc = BKT_OK;
    (void)call;
    for (o = ((store*)self)->first; o && rc == BKT_OK; o = o->next)
        if (o->key_len >= prefix.len && !memcmp(o->key, prefix.ptr, prefix.len)) rc = emit(o, out);
    return rc;
}

static bkt_rc remove_object(void* self, const bkt_call* call, bkt_str key) {
    object** at = place(self, key);
    (void)call;
    if (*at && order(*at, key) == 0) drop(at);
    return BKT_OK;
}
static bkt_rc sweep(void* self, const bkt_call* call, bkt_str prefix, uint64_t* removed) {
    (void)self;
    (void)call;
    (void)prefix;
    *removed = 0;
    return BKT_OK;
}
static bkt_rc free_bytes(void* self, const bkt_call* call, uint64_t* bytes) {
    (void)self;
    (void)call;
    *bytes = UINT64_MAX;
    return BKT_OK;
}
static bkt_rc health(void* self, const bkt_call* call, bkt_str* out) {
    (void)self;
    (void)call;
    *out = text("memory, as of old");
    return BKT_OK;
}

static const bkt_storage_ops kOps = {sizeof kOps,   0,     open_store,  close_store,
                                     put,           get,   stat_object, list,
                                     remove_object, sweep, free_bytes,  health};
static const bkt_component kComponent = {sizeof kComponent, 0,    BKT_KIND_STORAGE, "old-memory",
                                         "Old memory",      &kOps};
static const bkt_component* const kComponents[] = {&kComponent};
static const bkt_module kModule = {sizeof kModule, 0, "museum.spine.storage", "0.1.0", "museum",
                                   kComponents,    1};

BKT_EXPORT const bkt_module* bkt_module_v0(void);
const bkt_module* bkt_module_v0(void) { return &kModule; }
