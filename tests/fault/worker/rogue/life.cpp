// How the rogue opens and closes.
#include <signal.h>

#include <cstdlib>

#include "baktainer/abi/services/config.h"
#include "tests/fault/worker/rogue/instance.hpp"

namespace rogue {

namespace {
bool started = false;
}

bkt_rc open(const bkt_host* host, const bkt_call* call, void** self) noexcept {
    const auto* config = service<bkt_config>(host, BKT_SERVICE_CONFIG);
    const bkt_str mode = config->get(host, str("mode"));
    auto instance = new Instance{host, std::string(mode.ptr ? mode.ptr : "", mode.len)};
    if (is(*instance, "open: segfault")) ::raise(SIGSEGV);
    if (is(*instance, "open: abort")) std::abort();
    if (is(*instance, "open: kill")) ::raise(SIGKILL);
    if (is(*instance, "open: out of memory")) {
        instance->mode = "out of memory";
        misbehave(*instance);
    }
    if (is(*instance, "open: hang")) {
        say(*instance, "hangs");
        hang();
    }
    if (is(*instance, "open: exit")) std::exit(0);
    if (is(*instance, "open: refuse")) {
        call->fail(call, BKT_INVALID, str("it will not"), str("ask nicely"), 0);
        delete instance;
        return BKT_INVALID;
    }
    *self = instance;
    return BKT_OK;
}

void close(void* self) noexcept {
    auto* i = static_cast<Instance*>(self);
    if (is(*i, "close: segfault")) ::raise(SIGSEGV);
    if (is(*i, "close: hang")) {
        say(*i, "hangs");
        hang();
    }
    delete i;
}

bkt_rc start(const bkt_host* host, const bkt_call*) noexcept {
    started = host->service(host, str(BKT_SERVICE_LOG)) != nullptr;
    return BKT_OK;
}
void end() noexcept { started = false; }
bool is_started() { return started; }

bkt_rc health(void*, const bkt_call* call, bkt_str* text) noexcept {
    auto* memory = static_cast<char*>(call->alloc(call, 4));
    std::memcpy(memory, "fine", 4);
    *text = {memory, 4};
    return BKT_OK;
}

}  // namespace rogue
