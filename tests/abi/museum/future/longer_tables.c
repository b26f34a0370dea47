/* A plugin built with tomorrow's headers that needs nothing of them: every struct is longer than today's and
 * what is beyond today's end would end the process if it were used. */
#include "baktainer/abi/kinds/storage.h"

static bkt_rc open_it(const bkt_host* host, const bkt_call* call, void** self) {
    static int it;
    (void)host;
    (void)call;
    *self = &it;
    return BKT_OK;
}
static void close_it(void* self) { (void)self; }
static bkt_rc put(void* self, const bkt_call* call, bkt_str key, uint32_t flags,
                  const bkt_source* source) {
    (void)self, (void)call, (void)key, (void)flags, (void)source;
    return BKT_UNSUPPORTED;
}
static bkt_rc get(void* self, const bkt_call* call, bkt_str key, uint64_t offset, uint64_t length,
                  const bkt_sink* sink) {
    (void)self, (void)call, (void)key, (void)offset, (void)length, (void)sink;
    return BKT_UNSUPPORTED;
}
static bkt_rc none(void* self, const bkt_call* call, bkt_str key, const bkt_object_out* out) {
    (void)self, (void)call, (void)key, (void)out;
    return BKT_OK;
}
static bkt_rc remove_it(void* self, const bkt_call* call, bkt_str key) {
    (void)self, (void)call, (void)key;
    return BKT_OK;
}
static bkt_rc number(void* self, const bkt_call* call, uint64_t* n) {
    (void)self, (void)call;
    *n = 0;
    return BKT_OK;
}
static bkt_rc sweep(void* self, const bkt_call* call, bkt_str prefix, uint64_t* n) {
    (void)prefix;
    return number(self, call, n);
}
static bkt_rc health(void* self, const bkt_call* call, bkt_str* out) {
    static const char kText[] = "from tomorrow";
    (void)self, (void)call;
    out->ptr = kText;
    out->len = sizeof kText - 1;
    return BKT_OK;
}

#define TOMORROW \
    { (void*)16, (void*)16, (void*)16, (void*)16 }

static const struct {
    bkt_storage_ops today;
    void* tomorrow[4];
} kOps = {{.size = sizeof kOps,
           .open = open_it,
           .close = close_it,
           .put = put,
           .get = get,
           .stat = none,
           .list = none,
           .remove = remove_it,
           .sweep = sweep,
           .free_bytes = number,
           .health = health},
          TOMORROW};
static const struct {
    bkt_component today;
    void* tomorrow[4];
} kComponent = {{.size = sizeof kComponent,
                 .kind = BKT_KIND_STORAGE,
                 .name = "tomorrow",
                 .title = "From tomorrow",
                 .ops = &kOps},
                TOMORROW};
static const bkt_component* const kComponents[] = {&kComponent.today};
static const struct {
    bkt_module today;
    void* tomorrow[4];
} kModule = {{.size = sizeof kModule,
              .id = "museum.future.storage",
              .version = "9.0.0",
              .vendor = "museum",
              .components = kComponents,
              .component_count = 1},
             TOMORROW};

BKT_EXPORT const bkt_module* bkt_module_v0(void);
const bkt_module* bkt_module_v0(void) { return &kModule.today; }
