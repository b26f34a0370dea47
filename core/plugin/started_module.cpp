#include "core/plugin/started_module.hpp"

#include "core/plugin/call_context.hpp"
#include "core/plugin/thread_tag.hpp"

namespace bkt::plugin {

Result<std::unique_ptr<StartedModule>> StartedModule::start(const bkt_module& module,
                                                            Grants grants) {
    std::unique_ptr<StartedModule> made(new StartedModule(module, std::move(grants)));
    if (!BKT_HAS(&module, bkt_module, deinit) || !module.init) return made;
    const base::Cancel never;
    const base::Scrubber nothing;
    const CallScope scope{never, nothing, std::nullopt, {}, {}};
    CallContext call(scope, made->host_.plugin());
    const ThreadTag tag(BKT_THREAD_CONTROL);
    BKT_TRY(call.outcome(module.init(made->host_.raw(), call.raw())));
    made->started_ = true;
    return made;
}

StartedModule::~StartedModule() {
    if (!started_ || !module_.deinit) return;
    const ThreadTag tag(BKT_THREAD_CONTROL);
    module_.deinit();
}

}  // namespace bkt::plugin
