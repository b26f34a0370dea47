/* A notifier in C that keeps every rule but those its build's macros break. CMakeLists.txt has the list. */
#include "baktainer/abi/abi.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "baktainer/abi/kinds/notifier.h"

#ifndef ID
#define ID "com.acme.test"
#endif
#ifndef VERSION
#define VERSION "1.0.0"
#endif
#ifndef NAME
#define NAME "test"
#endif
#ifndef KIND
#define KIND BKT_KIND_NOTIFIER
#endif
#ifndef OPS
#define OPS &ops
#endif
#ifndef MODULE_SIZE
#define MODULE_SIZE sizeof(bkt_module)
#endif
#ifndef COMPONENT_SIZE
#define COMPONENT_SIZE sizeof(bkt_component)
#endif
#ifndef MIN_MINOR
#define MIN_MINOR 0
#endif
#ifndef COMPONENTS
#define COMPONENTS &component
#endif
#ifndef COUNT
#define COUNT sizeof components / sizeof components[0]
#endif
#ifndef LIST
#define LIST components
#endif
#ifndef SCHEMA
#define SCHEMA NULL
#endif
#ifndef NEEDS
#define NEEDS NULL, 0
#endif
#ifndef EXPERIMENTAL
#define EXPERIMENTAL NULL, 0
#endif
#ifndef INIT
#define INIT NULL
#endif
#define WAIT_FOREVER \
    for (;;) pause()

static int opened;
static bkt_rc open_it(const bkt_host* host, const bkt_call* call, void** self) {
    (void)host, (void)call;
    *self = &opened;
    return BKT_OK;
}
static void close_it(void* self) { (void)self; }
static bkt_rc notify(void* self, const bkt_call* call, const bkt_event* event) {
    (void)self, (void)call, (void)event;
    return BKT_OK;
}
static bkt_rc health(void* self, const bkt_call* call, bkt_str* text) {
    (void)self, (void)call;
    text->ptr = VERSION;
    text->len = sizeof VERSION - 1;
    return BKT_OK;
}
static const bkt_notifier_ops ops = {sizeof ops, 0, open_it, close_it, notify, NULL, health, NULL};

static const bkt_component component = {COMPONENT_SIZE, 0, KIND, NAME, "A test", OPS, SCHEMA};
static const bkt_component* const components[] = {COMPONENTS};
#ifdef NEEDS_LIST
static const char* const needs[] = {NEEDS_LIST};
#endif
#ifdef EXPERIMENTAL_LIST
static const char* const experimental[] = {EXPERIMENTAL_LIST};
#endif
#ifdef INIT_HANGS
static bkt_rc init_that_hangs(const bkt_host* host, const bkt_call* call) {
    (void)host, (void)call;
    WAIT_FOREVER;
}
#endif
static const bkt_module module = {MODULE_SIZE, MIN_MINOR, ID,           VERSION, "Acme", LIST,
                                  COUNT,       NEEDS,     EXPERIMENTAL, INIT,    NULL};

#ifdef CONSTRUCTOR
/* $BKT_TEST_MARKER tells that code of this file ran at all. */
__attribute__((constructor)) static void run_early(void) {
    const char* marker = getenv("BKT_TEST_MARKER");
    if (marker) {
        char path[512];
        strncpy(path, marker, sizeof path - 1);
        path[sizeof path - 1] = '\0';
        (void)!symlink("ran", path);
    }
    CONSTRUCTOR;
}
#endif

#ifndef NO_ENTRY
BKT_EXPORT const bkt_module* bkt_module_v0(void);
const bkt_module* bkt_module_v0(void) {
#ifdef ENTRY_NULL
    (void)&module;
    return NULL;
#else
    return &module;
#endif
}
#endif

#if defined(NO_ENTRY) || defined(OTHER_MAJOR)
BKT_EXPORT const void* bkt_module_v2(void);
const void* bkt_module_v2(void) { return &module; }
#endif

#ifdef EXTRA_EXPORT
BKT_EXPORT int acme_helper(void);
int acme_helper(void) { return 1; }
#endif

#ifdef STATIC_TLS
extern __thread int errno_like __attribute__((tls_model("initial-exec")));
__thread int errno_like __attribute__((tls_model("initial-exec"), visibility("hidden")));
int acme_touch_tls(void);
__attribute__((visibility("hidden"))) int acme_touch_tls(void) { return ++errno_like; }
#endif

#ifdef TEXT_RELOCATION
/* A pointer in the code that the loader would have to write. */
__asm__(".section .text\n.quad opened_for_asm\n.data\nopened_for_asm: .long 0\n.text");
#endif

#ifdef NEEDS_STUB
extern int bkt_test_stub(void);
int acme_use_stub(void);
__attribute__((visibility("hidden"))) int acme_use_stub(void) { return bkt_test_stub(); }
#endif
