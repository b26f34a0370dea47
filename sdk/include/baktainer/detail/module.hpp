// detail/module.hpp: the description of a library with one class, as its entry hands it out.
#pragma once

#include <type_traits>

#include "baktainer/detail/discovery_ops.hpp"
#include "baktainer/detail/engine_ops.hpp"
#include "baktainer/detail/hook_ops.hpp"
#include "baktainer/detail/notifier_ops.hpp"
#include "baktainer/detail/secrets_ops.hpp"
#include "baktainer/detail/storage_ops.hpp"
#include "baktainer/detail/transform_ops.hpp"
#include "baktainer/schema.hpp"

namespace bkt::detail {

struct KindOf {
    const char* kind;
    const void* ops;
};

// The kind follows from the base.
template <class T>
constexpr KindOf kind_of() {
    if constexpr (std::is_base_of_v<Engine, T>) return {BKT_KIND_ENGINE, &EngineOps<T>::kOps};
    else if constexpr (std::is_base_of_v<Storage, T>)
        return {BKT_KIND_STORAGE, &StorageOps<T>::kOps};
    else if constexpr (std::is_base_of_v<Notifier, T>)
        return {BKT_KIND_NOTIFIER, &NotifierOps<T>::kOps};
    else if constexpr (std::is_base_of_v<Hook, T>) return {BKT_KIND_HOOK, &HookOps<T>::kOps};
    else if constexpr (std::is_base_of_v<Secrets, T>)
        return {BKT_KIND_SECRETS, &SecretsOps<T>::kOps};
    else if constexpr (std::is_base_of_v<Transform, T>)
        return {BKT_KIND_TRANSFORM, &TransformOps<T>::kOps};
    else {
        static_assert(
            std::is_base_of_v<Discovery, T>,
            "a plugin class derives from bkt::Engine, Storage, Notifier, Discovery, Hook, "
            "Secrets or Transform");
        return {BKT_KIND_DISCOVERY, &DiscoveryOps<T>::kOps};
    }
}

// Made on the first call of the entry and never freed: the host keeps pointers into it for the life of the
// process, which is longer than that of a static object.
template <class T>
struct Module {
    std::string schema;
    bkt_component component{};
    const bkt_component* components[1] = {&component};
    bkt_module raw{};

    // nullptr when there is no memory for it or the author's config() throws.
    static const bkt_module* make(const char* id, const char* version, const char* name) noexcept {
        const bkt_module* made = nullptr;
        walled([&] {
            made = &(new Module(id, version, name))->raw;
            return bkt_rc{BKT_OK};
        });
        return made;
    }

    Module(const char* id, const char* version, const char* name) {
        const auto [kind, ops] = kind_of<T>();
        component.size = sizeof component;
        component.kind = kind;
        component.name = name;
        component.title = name;
        if constexpr (requires { T::kTitle; }) component.title = T::kTitle;
        component.ops = ops;
        if constexpr (requires { T::config(); }) {
            schema = schema_json(T::config());
            component.config_schema = schema.c_str();
        }
        raw.size = sizeof raw;
        raw.id = id;
        raw.version = version;
        raw.vendor = "";
        if constexpr (requires { T::kVendor; }) raw.vendor = T::kVendor;
        raw.components = components;
        raw.component_count = 1;
        raw.needs = std::data(T::needs);
        raw.need_count = std::size(T::needs);
        raw.experimental = std::data(T::experimental);
        raw.experimental_count = std::size(T::experimental);
    }
    Module(const Module&) = delete;
    Module& operator=(const Module&) = delete;
};

}  // namespace bkt::detail
