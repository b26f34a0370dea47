/* c_notifier.c: a notifier in plain C11: it POSTs each event, as JSON, to the URL of its settings.
 *
 * No library but the SDK's headers: the host makes the request, and holds TLS, proxy and certificates. */
#include <stdlib.h>
#include <string.h>

#include "baktainer/abi/kinds/notifier.h"
#include "baktainer/abi/services/config.h"
#include "baktainer/abi/services/http.h"

static bkt_str text(const char* s) {
    const bkt_str out = {s, strlen(s)};
    return out;
}

static bkt_rc fail(const bkt_call* call, bkt_rc rc, const char* message, const char* hint) {
    call->fail(call, rc, text(message), text(hint), 0);
    return rc;
}

/* --- the body: a source over memory --- */
typedef struct body {
    bkt_str left;
} body;

static bkt_rc read_body(const bkt_source* source, void* bytes, uint64_t cap, uint64_t* len) {
    body* self = source->ctx;
    *len = self->left.len < cap ? self->left.len : cap;
    if (*len) memcpy(bytes, self->left.ptr, *len);
    self->left.ptr += *len;
    self->left.len -= *len;
    return BKT_OK;
}

/* --- the answer: only its status matters --- */
static void take_status(const bkt_http_report* report, uint32_t status) {
    *(uint32_t*)report->ctx = status;
}

/* What an HTTP status means for the host: is it worth another try? */
static bkt_rc judge(const bkt_call* call, uint32_t status) {
    if (status >= 200 && status < 300) return BKT_OK;
    if (status == 401 || status == 403)
        return fail(call, BKT_DENIED, "the receiver refused the event", "check the url's token");
    if (status == 429 || status >= 500)
        return fail(call, BKT_UNAVAILABLE, "the receiver cannot take the event now", "");
    return fail(call, BKT_FAILED, "the receiver did not take the event", "check 'url'");
}

/* --- the notifier --- */
typedef struct notifier {
    const bkt_host* host; /* lives until close() */
    bkt_str url;          /* so does this */
} notifier;

static bkt_rc open_notifier(const bkt_host* host, const bkt_call* call, void** self) {
    const bkt_config* config = host->service(host, text(BKT_SERVICE_CONFIG));
    const bkt_str url = config ? config->get(host, text("url")) : text("");
    if (url.len == 0) return fail(call, BKT_INVALID, "no 'url' is set", "set 'url'");
    notifier* made = malloc(sizeof *made);
    if (!made) return fail(call, BKT_BUG, "out of memory", "");
    made->host = host;
    made->url = url;
    *self = made;
    return BKT_OK;
}

static void close_notifier(void* self) { free(self); }

static bkt_rc notify(void* self, const bkt_call* call, const bkt_event* event) {
    const notifier* me = self;
    const bkt_http* http = me->host->service(me->host, text(BKT_SERVICE_HTTP));
    if (!http) return fail(call, BKT_UNSUPPORTED, "this host makes no HTTP requests", "");

    body sent = {event->json};
    const bkt_source source = {sizeof source, 0, &sent, read_body, event->json.len};
    const bkt_pair header = {text("content-type"), text("application/json")};
    uint32_t status = 0;
    const bkt_http_report report = {sizeof report, 0, &status, take_status, NULL};
    bkt_http_request request = {0};
    request.size = sizeof request;
    request.method = text("POST");
    request.url = me->url;
    request.headers = &header;
    request.header_count = 1;
    request.body = &source;

    const bkt_rc rc = http->run(me->host, call, &request, &report);
    return rc == BKT_OK ? judge(call, status) : rc; /* the host has said why it failed */
}

static bkt_rc health(void* self, const bkt_call* call, bkt_str* out) {
    static const char kText[] = "POSTs each event to 'url'"; /* not the URL: it may hold a token */
    char* copy = call->alloc(call, sizeof kText);
    (void)self;
    if (!copy) return fail(call, BKT_BUG, "out of memory", "");
    memcpy(copy, kText, sizeof kText);
    *out = text(copy);
    return BKT_OK;
}

/* --- what this library is --- */
static const bkt_notifier_ops kOps = {
    .size = sizeof kOps,
    .open = open_notifier,
    .close = close_notifier,
    .notify = notify,
    .health = health,
};
static const bkt_component kComponent = {
    .size = sizeof kComponent,
    .kind = BKT_KIND_NOTIFIER,
    .name = "c-notifier",
    .title = "POSTs each event as JSON",
    .ops = &kOps,
    .config_schema =
        "{\"type\":\"object\",\"required\":[\"url\"],\"additionalProperties\":false,"
        "\"properties\":{\"url\":{\"type\":\"string\","
        "\"description\":\"Where to POST the event\"}}}",
};
static const bkt_component* const kComponents[] = {&kComponent};
static const char* const kNeeds[] = {BKT_SERVICE_HTTP};
static const bkt_module kModule = {
    .size = sizeof kModule,
    .abi_min_minor = 0,
    .id = "com.acme.c-notifier",
    .version = "1.0.0",
    .vendor = "Acme",
    .components = kComponents,
    .component_count = 1,
    .needs = kNeeds,
    .need_count = 1,
};

BKT_EXPORT const bkt_module* bkt_module_v0(void);
const bkt_module* bkt_module_v0(void) { return &kModule; }
