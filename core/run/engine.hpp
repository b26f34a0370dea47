// run/engine.hpp: an engine plugin opened for one job: the host's side of abi/kinds/engine.h.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "baktainer/abi/kinds/engine.h"
#include "core/plugin/instance.hpp"
#include "core/run/secret_source.hpp"
#include "core/run/source.hpp"
#include "core/stream/tap_stage.hpp"
#include "core/target/resolve.hpp"

namespace bkt::run {

struct PlannedPart {
    std::string name;
    std::string media_type;
    std::uint64_t estimate_bytes = 0;  // 0 = unknown
};

struct DumpPlan {
    std::vector<PlannedPart> parts;
    std::string consistency = "none";  // none, crash, snapshot, transactional
    std::vector<std::string> notes;
    std::vector<std::string> gone;  // of a safety backup: what is surely not there

    std::uint64_t estimate_bytes() const;  // 0 when any part is unknown
    const PlannedPart* find(std::string_view name) const;
};

// Asks every engine plugin what it makes of `target`.
std::vector<target::Recognised> recognise(const plugin::Registry& registry,
                                          const target::Target& target,
                                          const plugin::CallScope& scope);

// What opens an engine: settings, and the way to the target when there is one.
struct EngineAccess {
    std::string engine;
    std::map<std::string, std::string> settings;
    const target::Target* target = nullptr;  // nullptr: verify needs none
    const Source* source = nullptr;
    const Source* this_machine = nullptr;  // runs the tools of mode "remote"
    base::Secret password;                 // written in plain in a label
    ProviderFn provider;                   // for references that a plugin resolves
    std::string temp_root;
    std::shared_ptr<base::Scrubber> scrubber;
};

class Engine final {
public:
    static Result<Engine> open(const plugin::Registry& registry, EngineAccess access,
                               const plugin::CallScope& scope);

    const plugin::Component& component() const { return *component_; }
    // Code::not_found when there would be no part, but of a safety backup (an instance opened with "restore.safety"):
    // that is without parts where the engine said that nothing is there.
    Result<DumpPlan> plan(const plugin::CallScope& scope) const;
    Status dump(const plugin::CallScope& scope, const bkt_parts_out& out) const;
    // `scope` is borrowed by the validator.
    Result<std::unique_ptr<stream::Validator>> validator(const plugin::CallScope& scope,
                                                         const std::string& part,
                                                         const std::string& media_type,
                                                         bool deep) const;
    Status restore(const plugin::CallScope& scope, const bkt_parts_in& in) const;
    Result<std::string> recipe(const plugin::CallScope& scope,
                               const std::vector<std::string>& parts) const;

private:
    using Opened = plugin::Instance<bkt_engine_ops>;
    Result<DumpPlan> ask_plan(const plugin::CallScope& scope) const;
    Engine(const plugin::Component& component, Opened opened, bool is_safety)
        : component_(&component), opened_(std::move(opened)), is_safety_(is_safety) {}
    const plugin::Component* component_;
    Opened opened_;
    bool is_safety_;
};

}  // namespace bkt::run
