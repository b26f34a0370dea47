// The rogue as an engine: what the author layer and the proxies in this process would not let through.
#include <cstdlib>

#include "tests/fault/worker/rogue/instance.hpp"

namespace rogue {
namespace {

bkt_rc recognise(const bkt_call*, const bkt_target*, const bkt_recognition*) noexcept {
    return BKT_OK;
}
bkt_rc plan(void*, const bkt_call*, const bkt_plan* plan) noexcept {
    return plan->part(plan, str("p"), str("text/plain"), 0);
}
bkt_rc dump(void* self, const bkt_call* call, const bkt_parts_out* out) noexcept {
    auto& i = *static_cast<Instance*>(self);
    if (is(i, "begin no part")) return BKT_OK;
    const bkt_sink* sink = nullptr;
    if (const bkt_rc rc = out->begin(out, call, str("p"), &sink); rc != BKT_OK) return rc;
    if (const bkt_rc rc = sink->write(sink, "a dump", 6); rc != BKT_OK) return rc;
    if (is(i, "crash before the end of a part")) std::abort();
    if (is(i, "finish no part")) return BKT_OK;
    if (is(i, "lie about the tool's bytes")) return out->finish(out, call, sink, 0, 7);
    if (is(i, "believe a tool that failed")) {
        static_cast<void>(out->finish(out, call, sink, 1, 6));
        return BKT_OK;
    }
    if (const bkt_rc rc = out->finish(out, call, sink, 0, 6); rc != BKT_OK) return rc;
    if (is(i, "use a part that is over")) ask_for_a_stream_that_is_over();
    if (is(i, "finish a part twice")) return out->finish(out, call, sink, 0, 6);
    return BKT_OK;
}

// Counts; its verdict is BKT_CORRUPT once its instance is closed, which must not be seen.
struct Counting {
    bkt_tap raw;
    Instance* instance;
};
bool is_closed = false;
bkt_rc feed(const bkt_tap*, const bkt_call*, const void*, std::uint64_t) noexcept { return BKT_OK; }
bkt_rc finish(const bkt_tap*, const bkt_call*) noexcept { return is_closed ? BKT_CORRUPT : BKT_OK; }
void release(const bkt_tap* tap) noexcept {
    auto* counting = static_cast<Counting*>(tap->ctx);
    if (is(*counting->instance, "slow release")) ::usleep(300'000);
    if (is_closed) std::abort();
    delete counting;
}
bkt_rc validator(void* self, const bkt_call*, bkt_str, bkt_str, std::uint32_t,
                 const bkt_tap** tap) noexcept {
    auto* made = new Counting{{sizeof(bkt_tap), 0, nullptr, &feed, &finish, &release, 0},
                              static_cast<Instance*>(self)};
    made->raw.ctx = made;
    *tap = &made->raw;
    return BKT_OK;
}
void close_engine(void* self) noexcept {
    is_closed = true;
    close(self);
}
bkt_rc restore(void*, const bkt_call*, const bkt_parts_in*) noexcept { return BKT_OK; }
bkt_rc recipe(void*, const bkt_call*, const bkt_str*, std::uint64_t, bkt_str*) noexcept {
    return BKT_UNSUPPORTED;
}

}  // namespace

const bkt_engine_ops kEngine = {sizeof kEngine, 0,       &recognise, &open,
                                &close_engine,  &plan,   &dump,      &validator,
                                &restore,       &recipe, nullptr};

}  // namespace rogue
