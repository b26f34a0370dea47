// plugin/services/guarded.hpp: every service stops exceptions: a plugin's frame lies above it.
#pragma once

#include <algorithm>

#include "baktainer/call.hpp"
#include "core/plugin/call_context.hpp"

namespace bkt::plugin {

// Runs `body` (returning Status) and tells the call what failed.
template <class Body>
bkt_rc guarded(const bkt_call* call, Body&& body) noexcept {
    try {
        if (const Status status = body(); !status) return fail_call(call, status.error());
        return BKT_OK;
    } catch (...) {
        return BKT_BUG;
    }
}

// For services that answer nothing: what cannot be noted is lost, not the run.
template <class Body>
void quietly(Body&& body) noexcept {
    try {
        body();
    } catch (...) {  // out of memory
    }
}

// Copies `text` into memory that lives, and is cleansed, with the call.
inline Result<bkt_str> lend(const bkt_call* call, std::string_view text) {
    auto* copy = static_cast<char*>(call->alloc(call, text.size() + 1));
    if (!copy) return Error{Code::bug, "out of memory"};
    std::copy(text.begin(), text.end(), copy);
    return bkt_str{copy, text.size()};
}

}  // namespace bkt::plugin
