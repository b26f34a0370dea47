// The rogue plugin: misbehaves as its setting "mode" says. Written against the bare C contract: the author
// layer would forbid most of it. This file holds its instance and what every deed may use.
#pragma once

#include <unistd.h>

#include <cstring>
#include <span>
#include <string>

#include "baktainer/abi/kinds/engine.h"
#include "baktainer/abi/kinds/notifier.h"
#include "baktainer/abi/kinds/storage.h"
#include "baktainer/abi/services/log.h"

namespace rogue {

struct Instance {
    const bkt_host* host;
    std::string mode;
};

inline bkt_str str(const char* text) { return {text, std::strlen(text)}; }
inline bool is(const Instance& i, const char* mode) { return i.mode == mode; }

template <class Table>
const Table* service(const bkt_host* host, const char* id) {
    return static_cast<const Table*>(host->service(host, str(id)));
}

[[noreturn]] inline void hang() {
    for (;;) ::pause();
}

// Says to the host's log that it is there now, for a test that waits for it.
inline void say(const Instance& i, const char* what) {
    service<bkt_log>(i.host, BKT_SERVICE_LOG)->log(i.host, BKT_LOG_INFO, str(what));
}

// What one mode does in notify().
struct Deed {
    const char* mode;
    bkt_rc (*done)(Instance& i, const bkt_call* call, const bkt_event* event);
};

// ---- the deeds, one file each ----

// May happen in any call: its process ends, hangs or is used up. `noexcept` in the table makes a throw end it.
void misbehave(const Instance& i);
// May happen in any call: what it sends to the host past the host's own library.
void attack_the_wire(const Instance& i);
// Asks the host by hand for the stream of a part that is over, and hangs.
[[noreturn]] void ask_for_a_stream_that_is_over();

std::span<const Deed> words();     // what it says and returns
std::span<const Deed> services();  // how it uses what the host offers
std::span<const Deed> trespass();  // what its sandbox must keep it from
std::span<const Deed> leavings();  // what it leaves behind or changes

bkt_rc open(const bkt_host* host, const bkt_call* call, void** self) noexcept;
void close(void* self) noexcept;
bkt_rc start(const bkt_host* host, const bkt_call* call) noexcept;
void end() noexcept;
bool is_started();
bkt_rc health(void* self, const bkt_call* call, bkt_str* text) noexcept;

// ---- its components ----
extern const bkt_notifier_ops kNotifier;
extern const bkt_storage_ops kStorage;
extern const bkt_engine_ops kEngine;

}  // namespace rogue
