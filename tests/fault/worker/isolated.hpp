// A component of the rogue plugin in a process of its own, as the host calls it.
#pragma once

#include <gtest/gtest.h>

#include <fcntl.h>
#include <signal.h>

#include "baktainer/abi/kinds/notifier.h"
#include "baktainer/abi/kinds/storage.h"
#include "baktainer/testing/fake_host.hpp"
#include "core/plugin/module.hpp"
#include "core/plugin/worker/isolate.hpp"

namespace bkt::test {

// Faults told since the last look. Any thread.
class Faults final {
public:
    void add(const std::string& what) {
        const std::lock_guard lock(mutex_);
        all_.push_back(what);
    }
    std::vector<std::string> take() {
        const std::lock_guard lock(mutex_);
        return std::exchange(all_, {});
    }
    static Faults& those() {
        static Faults faults;
        return faults;
    }

private:
    std::mutex mutex_;
    std::vector<std::string> all_;
};

// One table a process: there is a fixed supply.
template <class Ops>
const Ops& rogue(const char* kind) {
    static const Ops* const ops = [&] {
        ::signal(SIGPIPE, SIG_IGN);  // as the program does
        plugin::Component component;
        component.module = "test.rogue";
        component.kind = kind;
        component.name = "rogue";
        component.path = ROGUE_PLUGIN;
        component.needs = {"bkt.secret/1", "bkt.temp/1"};
        component.trust = plugin::Trust::unsigned_code;
        const plugin::worker::Limits limits{std::chrono::seconds(5), std::chrono::milliseconds(700),
                                            std::chrono::milliseconds(2500)};
        const auto made = plugin::worker::isolate_with(
            PLUGIN_HOST, limits, [](const std::string&, const std::string& what) {
                Faults::those().add(what);
            })(component);
        if (!made) throw std::runtime_error(made.error().message);
        return static_cast<const Ops*>(*made);
    }();
    return *ops;
}

// The same library in this process.
template <class Ops>
const Ops& rogue_here(const std::string& kind) {
    const auto module = plugin::load_module(ROGUE_PLUGIN);
    if (!module) throw std::runtime_error(module.error().message);
    for (std::uint64_t i = 0; i < (*module)->component_count; ++i)
        if ((*module)->components[i]->kind == kind)
            return *static_cast<const Ops*>((*module)->components[i]->ops);
    throw std::runtime_error("no such component");
}

// A store opened through a given table.
class StoreOn final {
public:
    StoreOn(const bkt_storage_ops& ops, const std::string& mode) : ops_(ops) {
        host.config["mode"] = mode;
        testing::FakeCall call(host.raw());
        if (ops_.open(host.raw(), call.raw(), &self_) != BKT_OK)
            throw std::runtime_error("it does not open");
    }
    ~StoreOn() { ops_.close(self_); }
    void* self() const { return self_; }
    testing::FakeHost host;

private:
    const bkt_storage_ops& ops_;
    void* self_ = nullptr;
};

// An open instance in the given mode.
template <class Ops>
class Rogue final {
public:
    Rogue(const char* kind, const std::string& mode) : ops_(rogue<Ops>(kind)) {
        Faults::those().take();
        host.config["mode"] = mode;
        host.secrets["token"] = "s3cr3t";
        testing::FakeCall call(host.raw());
        opened = ops_.open(host.raw(), call.raw(), &self_);
        said = call.failure();
    }
    ~Rogue() { close(); }
    void close() {
        if (self_) ops_.close(std::exchange(self_, nullptr));
    }
    const Ops& ops() const { return ops_; }
    void* self() const { return self_; }

    testing::FakeHost host;
    bkt_rc opened = BKT_BUG;
    std::optional<Error> said;  // by open()

private:
    const Ops& ops_;
    void* self_ = nullptr;
};

inline Rogue<bkt_notifier_ops> notifier(const std::string& mode) {
    return {BKT_KIND_NOTIFIER, mode};
}
inline Rogue<bkt_storage_ops> store(const std::string& mode) { return {BKT_KIND_STORAGE, mode}; }

inline bkt_event event() {
    bkt_event e{};
    e.size = sizeof e;
    e.type = str("run.finished");
    e.json = str(R"({"type":"run.finished"})");
    return e;
}

// What a call returned, and what was said of it.
struct Done {
    bkt_rc rc;
    Error said;
};
inline Done done(bkt_rc rc, const testing::FakeCall& call) {
    return {rc, call.failure().value_or(Error{Code::bug, ""})};
}

inline Done notify(Rogue<bkt_notifier_ops>& plugin) {
    testing::FakeCall call(plugin.host.raw());
    const auto e = event();
    return done(plugin.ops().notify(plugin.self(), call.raw(), &e), call);
}
inline Done put(const std::string& mode, const bkt_source* source) {
    auto plugin = store(mode);
    testing::FakeCall call(plugin.host.raw());
    return done(plugin.ops().put(plugin.self(), call.raw(), str("key"), 0, source), call);
}
inline Done get(const std::string& mode, std::uint64_t length, const bkt_sink* sink) {
    auto plugin = store(mode);
    testing::FakeCall call(plugin.host.raw());
    return done(plugin.ops().get(plugin.self(), call.raw(), str("key"), 0, length, sink), call);
}

}  // namespace bkt::test
