// plugin.hpp: the one include and the one line that make a class a plugin.
//
//     BKT_PLUGIN("com.acme.mini", "1.0.0", "mini-mysql", Mini)
//
// The kind follows from the class Mini derives from. Exceptions stop at the thunks in detail/.
#pragma once

#include <type_traits>

#include "baktainer/detail/discovery_ops.hpp"
#include "baktainer/detail/engine_ops.hpp"
#include "baktainer/detail/storage_ops.hpp"

namespace bkt::detail {

template <class T>
constexpr const char* kind_of() {
    if constexpr (std::is_base_of_v<Engine, T>) return BKT_KIND_ENGINE;
    else if constexpr (std::is_base_of_v<Storage, T>) return BKT_KIND_STORAGE;
    else return BKT_KIND_DISCOVERY;
}

template <class T>
constexpr const void* ops_of() {
    if constexpr (std::is_base_of_v<Engine, T>) return &EngineOps<T>::kOps;
    else if constexpr (std::is_base_of_v<Storage, T>) return &StorageOps<T>::kOps;
    else {
        static_assert(std::is_base_of_v<Discovery, T>,
                      "a plugin class derives from bkt::Engine, bkt::Storage or bkt::Discovery");
        return &DiscoveryOps<T>::kOps;
    }
}

}  // namespace bkt::detail

#define BKT_PLUGIN(id, version, name, Class)                                                     \
    BKT_EXPORT const bkt_module* bkt_module_v0(void) noexcept;                                   \
    BKT_EXPORT const bkt_module* bkt_module_v0(void) noexcept {                                  \
        static constexpr bkt_component kComponent = {                                            \
            sizeof(bkt_component),          0,      ::bkt::detail::kind_of<Class>(), name, name, \
            ::bkt::detail::ops_of<Class>(), nullptr};                                            \
        static constexpr const bkt_component* kComponents[] = {&kComponent};                     \
        static constexpr bkt_module kModule = {sizeof(bkt_module),                               \
                                               0,                                                \
                                               id,                                               \
                                               version,                                          \
                                               "",                                               \
                                               kComponents,                                      \
                                               1,                                                \
                                               nullptr,                                          \
                                               0,                                                \
                                               nullptr,                                          \
                                               0,                                                \
                                               nullptr,                                          \
                                               nullptr};                                         \
        return &kModule;                                                                         \
    }
