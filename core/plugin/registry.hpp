// plugin/registry.hpp: the plugins there are, by kind and name. A plain object made by main.
//
// search.hpp finds, admit.hpp judges, this loads: in this process with Boost.DLL, resolved at once, with
// local symbols, never unloaded; in a worker by the function that is passed in. A plugin that breaks a
// rule is left out and reported; it never takes the others with it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "baktainer/abi/abi.h"
#include "baktainer/result.hpp"
#include "core/plugin/admit.hpp"

namespace bkt::plugin {

struct Component {
    std::string module;  // "baktainer.engine.postgres"
    std::string version;
    std::string kind;  // BKT_KIND_*
    std::string name;  // "postgres"
    std::string path;  // of the library
    const void* ops = nullptr;
    std::vector<std::string> needs{};         // services it may be granted
    std::vector<std::string> experimental{};  // parts of draft/ the operator allowed it
    std::string config_schema{};              // "" = settings are not checked
    Trust trust = Trust::none;
    Isolation isolation = Isolation::in_process;
    std::string sha256{};
    std::shared_ptr<const Manifest>
        manifest{};  // what plugin.json says of the whole module; nothing: unknown
    std::shared_ptr<const SealedFile> file{};  // what was checked; nothing: load `path`
};

// Gives the table of proxies for a component that runs in a worker (its `ops` is not set). Valid for the
// life of the process. Called while plugins load: it starts no process yet.
using Isolate = std::function<Result<const void*>(const Component&)>;

class StartedModule;

class Registry final {
public:
    // Loads what is ready, in the given order. The first of two components of one kind and name wins; the
    // second is reported. Without `isolate`, what is to run in a worker is left out and reported.
    static Registry load(std::vector<Admission> admissions, const Isolate& isolate = {});

    // Code::not_found names the components of that kind there are, or why the plugin that has it was not
    // loaded.
    Result<const Component*> find(std::string_view kind, std::string_view name) const;
    std::vector<const Component*> all(std::string_view kind) const;
    const std::vector<Component>& components() const { return components_; }
    const std::vector<Error>& problems() const { return problems_; }
    // Every plugin that was found. One that failed to load is refused by now.
    const std::vector<Admission>& admissions() const { return admissions_; }
    // Why the plugin `id` was not loaded; nothing = it was.
    std::optional<Error> why_not(std::string_view id) const;
    // Puts what was found out before loading in front of the problems.
    void add_problems(std::vector<Error> earlier);

private:
    Status load_one(const Admission& a, const Isolate& isolate);
    void add(Component component);

    std::vector<Component> components_;
    std::vector<Error> problems_;
    std::vector<Admission> admissions_;
    std::vector<std::shared_ptr<StartedModule>> started_;
};

// Searches, judges and loads by the settings.
Registry load_plugins(const config::Settings& settings, const std::string& dev_path,
                      const Isolate& isolate = {});

}  // namespace bkt::plugin
