// testing/plugin_under_test.hpp: a built plugin as a host has it: the file, loaded through its one symbol,
// and one instance of its component.
//
//     FakeHost host;
//     host.config["url"] = "https://hooks.example.org/x";
//     PluginUnderTest<bkt_notifier_ops> hello(HELLO_FILE, host);
//     ASSERT_TRUE(hello.opened()) << hello.opened().error().message;
#pragma once

#include <dlfcn.h>

#include "baktainer/abi/kinds/engine.h"
#include "baktainer/abi/kinds/hook.h"
#include "baktainer/abi/kinds/notifier.h"
#include "baktainer/abi/kinds/secrets.h"
#include "baktainer/abi/kinds/storage.h"
#include "baktainer/abi/kinds/transform.h"
#include "baktainer/testing/fake_host.hpp"

namespace bkt::testing {

// The kind a table of methods belongs to.
template <class Ops>
inline constexpr const char* kKindOf = nullptr;
template <>
inline constexpr const char* kKindOf<bkt_engine_ops> = BKT_KIND_ENGINE;
template <>
inline constexpr const char* kKindOf<bkt_storage_ops> = BKT_KIND_STORAGE;
template <>
inline constexpr const char* kKindOf<bkt_notifier_ops> = BKT_KIND_NOTIFIER;
template <>
inline constexpr const char* kKindOf<bkt_discovery_ops> = BKT_KIND_DISCOVERY;
template <>
inline constexpr const char* kKindOf<bkt_hook_ops> = BKT_KIND_HOOK;
template <>
inline constexpr const char* kKindOf<bkt_secrets_ops> = BKT_KIND_SECRETS;
template <>
inline constexpr const char* kKindOf<bkt_transform_ops> = BKT_KIND_TRANSFORM;

// `host` outlives it. The library stays loaded, as in the host.
template <class Ops>
class PluginUnderTest final {
public:
    PluginUnderTest(const std::string& file, FakeHost& host) : host_(host), opened_(load(file)) {
        if (opened_)
            opened_ = call([&](auto&, void*, const bkt_call* c) {
                return ops_->open(host_.raw(), c, &self_);
            });
    }
    PluginUnderTest(const PluginUnderTest&) = delete;
    PluginUnderTest& operator=(const PluginUnderTest&) = delete;
    ~PluginUnderTest() {
        if (opened_) ops_->close(self_);
    }

    // Why the library could not be loaded or the instance not opened.
    const Status& opened() const { return opened_; }
    const bkt_module& module() const { return *module_; }
    const bkt_component& component() const { return *component_; }
    const Ops& ops() const { return *ops_; }
    void* self() const { return self_; }

    // One call: `body(ops, self, call)` returns the plugin's code; the error is what it told.
    template <class Body>
    Status call(Body&& body) const {
        FakeCall call(host_.raw());
        const bkt_rc rc = body(*ops_, self_, call.raw());
        if (rc == BKT_OK) return {};
        if (call.failure() && static_cast<bkt_rc>(call.failure()->code) == rc)
            return *call.failure();
        return Error{static_cast<Code>(rc), {}};
    }
    // The same for a method whose result is a text, e.g. health().
    template <class Body>
    Result<std::string> text(Body&& body) const {
        std::string copy;  // taken while the call's memory lives
        BKT_TRY(call([&](const Ops& ops, void* self, const bkt_call* c) {
            bkt_str text{nullptr, 0};
            const bkt_rc rc = body(ops, self, c, &text);
            if (rc == BKT_OK) copy = view(text);
            return rc;
        }));
        return copy;
    }

private:
    Status load(const std::string& file) {
        void* library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
        if (!library) return Error{Code::invalid, ::dlerror()};
        const auto entry = reinterpret_cast<bkt_module_fn>(::dlsym(library, BKT_MODULE_SYMBOL));
        if (!entry) return Error{Code::invalid, "'" + file + "' exports no " BKT_MODULE_SYMBOL};
        module_ = entry();
        if (!module_) return Error{Code::invalid, "'" + file + "' refuses to serve"};
        for (std::uint64_t i = 0; i < module_->component_count && !component_; ++i)
            if (std::string_view(module_->components[i]->kind) == kKindOf<Ops>)
                component_ = module_->components[i];
        if (!component_)
            return Error{Code::not_found, "'" + file + "' has no component of kind '" +
                                              std::string(kKindOf<Ops>) + "'"};
        ops_ = static_cast<const Ops*>(component_->ops);
        return {};
    }

    FakeHost& host_;
    const bkt_module* module_ = nullptr;
    const bkt_component* component_ = nullptr;
    const Ops* ops_ = nullptr;
    void* self_ = nullptr;
    Status opened_;
};

}  // namespace bkt::testing
