// detail/hook_ops.hpp: bkt_hook_ops over a class derived from bkt::Hook.
#pragma once

#include "baktainer/detail/thunk.hpp"
#include "baktainer/hook.hpp"

namespace bkt::detail {

// The contract: of a phase newer than this header nothing is said.
inline bool is_known(const bkt_hook_event* event) {
    return event->phase >= BKT_PHASE_BACKUP && event->phase <= BKT_PHASE_RESTORE;
}

template <class T>
struct HookOps {
    static bkt_rc before(void* self, const bkt_call* raw, const bkt_hook_event* event,
                         const bkt_hook_out* out) noexcept {
        if (!is_known(event)) return BKT_OK;
        return on<T>(self, raw, [&](T& hook, Call& call) {
            HookOut answer(out);
            return hook.before(call, HookEvent(event), answer);
        });
    }
    static bkt_rc after(void* self, const bkt_call* raw, const bkt_hook_event* event,
                        const bkt_hook_out* out) noexcept {
        if (!is_known(event)) return BKT_OK;
        return on<T>(self, raw, [&](T& hook, Call& call) {
            HookOut answer(out);
            return hook.after(call, HookEvent(event), answer);
        });
    }
    static constexpr auto before_slot() -> decltype(bkt_hook_ops::before) {
        if constexpr (BKT_OVERRIDES(T, Hook, before)) return &before;
        else return nullptr;
    }
    static constexpr auto after_slot() -> decltype(bkt_hook_ops::after) {
        if constexpr (BKT_OVERRIDES(T, Hook, after)) return &after;
        else return nullptr;
    }
    static constexpr bkt_hook_ops kOps = {sizeof(bkt_hook_ops), 0,
                                          &open_instance<T>,    &close_instance<T>,
                                          before_slot(),        after_slot(),
                                          &health_of<T>,        extension_slot<T, Hook>()};
};

}  // namespace bkt::detail
