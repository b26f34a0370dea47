// The rogue as a notifier: a mode is a deed.
#include "tests/fault/worker/rogue/instance.hpp"

namespace rogue {
namespace {

bkt_rc notify(void* self, const bkt_call* call, const bkt_event* event) noexcept {
    auto& i = *static_cast<Instance*>(self);
    misbehave(i);
    for (const auto deeds : {words(), services(), trespass(), leavings()})
        for (const Deed& deed : deeds)
            if (is(i, deed.mode)) return deed.done(i, call, event);
    return BKT_OK;
}

}  // namespace

const bkt_notifier_ops kNotifier = {sizeof kNotifier, 0,       &open,   &close,
                                    &notify,          nullptr, &health, nullptr};

}  // namespace rogue
