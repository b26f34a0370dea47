// detail/engine_ops.hpp: bkt_engine_ops over a class derived from bkt::Engine.
#pragma once

#include "baktainer/detail/thunk.hpp"
#include "baktainer/engine.hpp"

namespace bkt::detail {

struct TapBox {
    bkt_tap raw;
    const bkt_host* host;
    std::unique_ptr<Tap> tap;

    static const bkt_tap* make(const bkt_host* host, std::unique_ptr<Tap> tap) {
        auto box = std::make_unique<TapBox>();
        box->raw = {sizeof(bkt_tap), 0, box.get(), &feed, &finish, &release, tap->tail_bytes()};
        box->host = host;
        box->tap = std::move(tap);
        return &box.release()->raw;
    }
    static TapBox& of(const bkt_tap* t) { return *static_cast<TapBox*>(t->ctx); }
    static bkt_rc feed(const bkt_tap* t, const bkt_call* call, const void* p,
                       std::uint64_t n) noexcept {
        return guarded(of(t).host, call, [&](Call& c) {
            return of(t).tap->feed(c, {static_cast<const std::byte*>(p), n});
        });
    }
    static bkt_rc finish(const bkt_tap* t, const bkt_call* call) noexcept {
        return guarded(of(t).host, call, [&](Call& c) { return of(t).tap->finish(c); });
    }
    static void release(const bkt_tap* t) noexcept { delete &of(t); }
};

template <class T>
struct EngineOps {
    static bkt_rc recognise(const bkt_call* raw, const bkt_target* target,
                            const bkt_recognition* out) noexcept {
        if constexpr (requires(Call & c, const TargetView& t, Recognition& r) {
                          T::recognise(c, t, r);
                      })
            return guarded(nullptr, raw, [&](Call& call) -> Status {
                Recognition recognition(out);
                return T::recognise(call, TargetView(target), recognition);
            });
        else return BKT_OK;
    }
    static bkt_rc plan(void* self, const bkt_call* raw, const bkt_plan* out) noexcept {
        return on<T>(self, raw, [&](T& engine, Call& call) {
            Plan plan(out);
            return engine.plan(call, plan);
        });
    }
    static bkt_rc dump(void* self, const bkt_call* raw, const bkt_parts_out* out) noexcept {
        return on<T>(self, raw, [&](T& engine, Call& call) {
            PartsOut parts(call, out);
            return engine.dump(call, parts);
        });
    }
    static bkt_rc validator(void* self, const bkt_call* raw, bkt_str name, bkt_str media_type,
                            std::uint32_t flags, const bkt_tap** tap) noexcept {
        return on<T>(self, raw, [&](T& engine, Call& call) -> Status {
            Engine& base = engine;
            BKT_LET(auto made, base.validator(call, view(name), view(media_type),
                                              (flags & BKT_VALIDATE_DEEP) != 0));
            if (!made)
                return Error{Code::unsupported,
                             "no validator for '" + std::string(view(name)) + "'"};
            *tap = TapBox::make(static_cast<Instance<T>*>(self)->host, std::move(made));
            return {};
        });
    }
    static bkt_rc restore(void* self, const bkt_call* raw, const bkt_parts_in* in) noexcept {
        return on<T>(self, raw, [&](T& engine, Call& call) {
            PartsIn parts(call, in);
            return engine.restore(call, parts);
        });
    }
    static bkt_rc recipe(void* self, const bkt_call* raw, const bkt_str* parts, std::uint64_t count,
                         bkt_str* text) noexcept {
        return on<T>(self, raw, [&](T& engine, Call& call) -> Status {
            std::vector<std::string> names;
            for (std::uint64_t i = 0; i < count; ++i) names.emplace_back(view(parts[i]));
            BKT_LET(const std::string made, engine.recipe(call, names));
            return give(call, made, text);
        });
    }
    static constexpr bkt_engine_ops kOps = {sizeof(bkt_engine_ops),
                                            0,
                                            &recognise,
                                            &open_instance<T>,
                                            &close_instance<T>,
                                            &plan,
                                            &dump,
                                            &validator,
                                            &restore,
                                            &recipe,
                                            extension_slot<T, Engine>()};
};

}  // namespace bkt::detail
