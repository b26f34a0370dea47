// detail/thunk.hpp: the wall between C++ inside a plugin and the C tables. Nothing throws past it.
#pragma once

#include <exception>
#include <memory>
#include <new>

#include "baktainer/call.hpp"

namespace bkt::detail {

// Runs `body` (returning Status) and turns its error or exception into a code the host was told about.
template <class Body>
bkt_rc guarded(const bkt_host* host, const bkt_call* raw, Body&& body) noexcept {
    try {
        Call call(host, raw);
        try {
            const Status status = body(call);
            return status ? BKT_OK : call.fail(status.error());
        } catch (const Error& e) {
            return call.fail(e);
        } catch (const std::bad_alloc&) {
            return call.fail({Code::bug, "out of memory"});
        } catch (const std::exception& e) {
            return call.fail({Code::bug, std::string("unexpected exception: ") + e.what()});
        } catch (...) {
            return call.fail({Code::bug, "unexpected exception of unknown type"});
        }
    } catch (...) {
        return BKT_BUG;  // not even the message could be made
    }
}

// What open() hands out: the author's object and the host it was opened with.
template <class T>
struct Instance {
    const bkt_host* host;
    std::unique_ptr<T> object;
};

// A failed host call was already explained to the host: its empty message adds nothing.
inline bkt_rc emitted(const Status& status) {
    return status ? BKT_OK : static_cast<bkt_rc>(status.error().code);
}

template <class T>
bkt_rc open_instance(const bkt_host* host, const bkt_call* raw, void** self) noexcept {
    return guarded(host, raw, [&](Call& call) -> Status {
        *self = new Instance<T>{host, std::make_unique<T>(call)};
        return {};
    });
}

template <class T>
void close_instance(void* self) noexcept {
    delete static_cast<Instance<T>*>(self);
}

template <class T, class Body>
bkt_rc on(void* self, const bkt_call* raw, Body&& body) noexcept {
    auto* instance = static_cast<Instance<T>*>(self);
    return guarded(instance->host, raw,
                   [&](Call& call) -> Status { return body(*instance->object, call); });
}

}  // namespace bkt::detail
