// detail/notifier_ops.hpp: bkt_notifier_ops over a class derived from bkt::Notifier.
#pragma once

#include "baktainer/detail/thunk.hpp"
#include "baktainer/notifier.hpp"

namespace bkt::detail {

template <class T>
struct NotifierOps {
    static bkt_rc notify(void* self, const bkt_call* raw, const bkt_event* event) noexcept {
        return on<T>(self, raw,
                     [&](T& notifier, Call& call) { return notifier.notify(call, Event(event)); });
    }
    static bkt_rc digest(void* self, const bkt_call* raw, const bkt_event* const* events,
                         std::uint64_t count) noexcept {
        return on<T>(self, raw, [&](T& notifier, Call& call) {
            const std::vector<Event> all(events, events + count);
            return notifier.digest(call, std::span(all));
        });
    }
    static constexpr auto digest_slot() -> decltype(bkt_notifier_ops::digest) {
        if constexpr (BKT_OVERRIDES(T, Notifier, digest)) return &digest;
        else return nullptr;
    }
    static constexpr bkt_notifier_ops kOps = {sizeof(bkt_notifier_ops),
                                              0,
                                              &open_instance<T>,
                                              &close_instance<T>,
                                              &notify,
                                              digest_slot(),
                                              &health_of<T>,
                                              extension_slot<T, Notifier>()};
};

}  // namespace bkt::detail
