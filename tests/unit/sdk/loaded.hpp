// loaded.hpp: a plugin library of this folder, loaded, and one open instance of it.
#pragma once

#include <dlfcn.h>
#include <gtest/gtest.h>

#include "baktainer/plugin.hpp"
#include "baktainer/testing/fake_host.hpp"

namespace bkt::testing {

// Never unloaded, as in the host.
inline const bkt_module* load_module(const std::string& name) {
    const std::string path = std::string(BAKTAINER_TEST_PLUGINS) + "/lib" + name + ".so";
    void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) ADD_FAILURE() << ::dlerror();
    void* entry = library ? ::dlsym(library, BKT_MODULE_SYMBOL) : nullptr;
    if (!entry) return nullptr;
    return reinterpret_cast<bkt_module_fn>(entry)();
}

// Borrows the host. `Ops` is the table of the module's kind.
template <class Ops>
class Opened final {
public:
    Opened(const bkt_module* module, FakeHost& host)
        : ops(static_cast<const Ops*>(module->components[0]->ops)), host_(host) {
        FakeCall call(host.raw());
        rc = ops->open(host.raw(), call.raw(), &self);
        failure = call.failure();
    }
    Opened(const Opened&) = delete;
    Opened& operator=(const Opened&) = delete;
    ~Opened() {
        if (self) ops->close(self);
    }

    const Ops* ops;
    void* self = nullptr;
    bkt_rc rc = BKT_BUG;
    std::optional<Error> failure;

    FakeHost& host() const { return host_; }

private:
    FakeHost& host_;
};

// How the examples are built: as they are, and without exceptions and run-time types.
inline const std::string kWays[] = {"", "_plain"};

}  // namespace bkt::testing
