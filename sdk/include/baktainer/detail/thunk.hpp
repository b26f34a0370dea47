// detail/thunk.hpp: what the thunks of every kind share: from a C call to a method of the author's
// object and back.
#pragma once

#include <concepts>
#include <memory>

#include "baktainer/call.hpp"
#include "baktainer/detail/wall.hpp"

namespace bkt::detail {

// Runs `body` (returning Status) and turns its error or exception into a code the host was told about.
template <class Body>
bkt_rc guarded(const bkt_host* host, const bkt_call* raw, Body&& body) noexcept {
    const auto said = [&](const Error& e) { return Call(host, raw).fail(e); };
    return walled(
        [&] {
            Call call(host, raw);
            const Status status = body(call);
            return status ? bkt_rc{BKT_OK} : call.fail(status.error());
        },
        said);
}

// What open() hands out: the author's object and the host it was opened with.
template <class T>
struct Instance {
    const bkt_host* host;
    std::unique_ptr<T> object;
};

// A class that cannot fail by throwing has this instead of, or beside, its constructor.
template <class T>
concept HasCreate = requires(Call& call) {
    { T::create(call) } -> std::same_as<Result<std::unique_ptr<T>>>;
};

template <class T>
Result<std::unique_ptr<T>> make_object(Call& call) {
    if constexpr (HasCreate<T>) return T::create(call);
    else return std::make_unique<T>(call);
}

template <class T>
bkt_rc open_instance(const bkt_host* host, const bkt_call* raw, void** self) noexcept {
    return guarded(host, raw, [&](Call& call) -> Status {
        BKT_LET(auto object, make_object<T>(call));
        *self = new Instance<T>{host, std::move(object)};
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

// `text` where the host wants it.
inline Status give(const Call& call, std::string_view text, bkt_str* into) {
    *into = call.keep(text);
    if (!into->ptr) return out_of_memory();
    return {};
}

// health() of every kind that has one.
template <class T>
bkt_rc health_of(void* self, const bkt_call* raw, bkt_str* text) noexcept {
    return on<T>(self, raw, [&](T& object, Call& call) -> Status {
        BKT_LET(const std::string made, object.health(call));
        return give(call, made, text);
    });
}

template <class T>
const void* extension_of(void* self, bkt_str id) noexcept {
    const void* table = nullptr;
    walled([&] {
        table = static_cast<Instance<T>*>(self)->object->extension(view(id));
        return bkt_rc{BKT_OK};
    });
    return table;
}

// An optional slot is NULL unless the author's class overrides the method: a pointer to an inherited
// member keeps the base's type. (An override that is private counts: it cannot be named here.)
#define BKT_OVERRIDES(T, Base, method)                           \
    (!requires {                                                 \
        { &T::method } -> std::same_as<decltype(&Base::method)>; \
    })

template <class T, class Base>
constexpr auto extension_slot() -> const void* (*)(void*, bkt_str) noexcept {
    if constexpr (BKT_OVERRIDES(T, Base, extension)) return &extension_of<T>;
    else return nullptr;
}

}  // namespace bkt::detail
