// tests/support/engine_bench.hpp: one engine on a fake host, its tools being processes of this machine.
//
// What the host would do around an operation is done here in one call each: plan before dump, every part
// through its validator in chunks of an awkward size.
#pragma once

#include <memory>
#include <string>

#include "baktainer/testing/fake_host.hpp"
#include "baktainer/testing/memory_parts.hpp"
#include "plugins/discovery/local/run_tool.hpp"

namespace bkt::test {

template <class E>
class EngineBench {
public:
    EngineBench() {
        host.exec = [this](Call& c, const ExecRequest& r) {
            ExecRequest with_env = r;
            with_env.env.insert(with_env.env.begin(), tool_env.begin(), tool_env.end());
            return local_host::run_tool(c, with_env);
        };
    }

    testing::FakeHost host;
    testing::FakeCall call{host.raw()};
    std::vector<std::string> tool_env;  // added before the engine's own: its words win

    E& engine() {
        if (!engine_) {
            Call c = call.call();
            engine_ = std::make_unique<E>(c);
        }
        return *engine_;
    }
    // A fresh instance for the next operation.
    void reopen() { engine_.reset(); }

    Status plan(testing::MemoryPlan& into) {
        Call c = call.call();
        Plan p = into.plan();
        return engine().plan(c, p);
    }
    Status dump(const testing::MemoryPlan&, testing::MemoryPartsOut& into) {
        Call c = call.call();
        PartsOut out = into.out(c);
        return engine().dump(c, out);
    }
    Status restore(const testing::MemoryPartsIn& from) {
        Call c = call.call();
        PartsIn in = from.in(c);
        return engine().restore(c, in);
    }
    Status validate(const std::string& name, const std::string& media, std::string_view bytes,
                    bool deep = false, std::size_t chunk_bytes = 4093) {
        Call c = call.call();
        auto tap = engine().validator(c, name, media, deep);
        if (!tap) return std::move(tap).error();
        while (!bytes.empty()) {
            const auto chunk = bytes.substr(0, chunk_bytes);
            if (Status fed = (*tap)->feed(c, as_bytes(chunk)); !fed) return fed;
            bytes.remove_prefix(chunk.size());
        }
        return (*tap)->finish(c);
    }

private:
    std::unique_ptr<E> engine_;
};

// "code: message" of a status, "ok" when it is: what an assertion shows.
inline std::string said(const Status& s) {
    return s ? "ok" : std::string(code_name(s.error().code)) + ": " + s.error().message;
}

}  // namespace bkt::test
