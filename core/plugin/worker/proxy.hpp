// worker/proxy.hpp: the tables an isolated plugin is called through: they look like the plugin's own, and
// carry each call to its process.
//
// open() and recognise() get no object that could say which plugin is meant, so every isolated component
// has a table of its own out of a fixed supply.
#pragma once

#include "core/plugin/worker/op.hpp"

namespace bkt::plugin::worker {

// A component of an isolated module. Lives until the process ends.
struct Isolated {
    Image image;
    std::string kind;  // BKT_KIND_*
    std::string name;
    // For recognise(), which needs no instance.
    std::mutex mutex;
    std::shared_ptr<Worker> recogniser;
};

constexpr std::size_t kMaxIsolated = 64;

// The bkt_<kind>_ops through which `component` is called. Code::unsupported: an unknown kind, or more than
// kMaxIsolated. Control thread.
Result<const void*> make_table(std::unique_ptr<Isolated> component);

// What an open() of such a table makes.
struct Instance {
    std::shared_ptr<Worker> worker;
    const bkt_host* host = nullptr;
    std::uint64_t id = 0;
};

bkt_rc open_instance(Isolated& component, const bkt_host* host, const bkt_call* call,
                     void** self) noexcept;
void close_instance(void* self) noexcept;

// Runs `body(instance, op)`; what it throws is the host's bug.
template <class Body>
bkt_rc on(void* self, const bkt_call* call, Body&& body) noexcept {
    try {
        auto& instance = *static_cast<Instance*>(self);
        Op op(*instance.worker, instance.host, call);
        return body(instance, op);
    } catch (...) {
        return BKT_BUG;
    }
}

// `text` where the caller wants it: in memory of the call.
bkt_rc give_text(const bkt_call* call, const std::string& text, bkt_str* into) noexcept;
// The common health().
bkt_rc health(void* self, const bkt_call* call, bkt_str* text) noexcept;

}  // namespace bkt::plugin::worker
