#include "core/plugin/registry.hpp"

#include <algorithm>

#include "core/plugin/describe.hpp"
#include "core/plugin/module.hpp"
#include "core/plugin/started_module.hpp"

namespace bkt::plugin {

namespace {

// The loader knows a library by its path, /proc/self/fd/N: that descriptor may never mean another file.
void keep_open(std::shared_ptr<const SealedFile> file) {
    static auto* const kept = new std::vector<std::shared_ptr<const SealedFile>>;
    if (file) kept->push_back(std::move(file));
}

Component component_of(const Admission& a, const ManifestComponent& c) {
    Component out;
    out.module = a.manifest.id;
    out.version = a.manifest.version;
    out.kind = c.kind;
    out.name = c.name;
    out.path = a.library;
    out.needs = a.manifest.needs;
    out.experimental = a.manifest.experimental;
    out.config_schema = c.config_schema;
    out.trust = a.trust;
    out.isolation = a.isolation;
    out.sha256 = a.manifest.sha256;
    out.file = a.file;
    return out;
}

}  // namespace

void Registry::add(Component component) {
    const auto twin =
        std::find_if(components_.begin(), components_.end(), [&](const Component& other) {
            return other.kind == component.kind && other.name == component.name;
        });
    if (twin == components_.end()) return components_.push_back(std::move(component));
    problems_.push_back({Code::conflict,
                         "plugin '" + component.module + "' ('" + component.path + "') offers '" +
                             component.name + "' again; '" + twin->path + "' is used",
                         "take one of the two out of plugins.use"});
}

Status Registry::load_one(const Admission& a, const Isolate& isolate) {
    std::vector<Component> made;
    const auto manifest = std::make_shared<const Manifest>(a.manifest);
    for (const auto& c : a.manifest.components) {
        made.push_back(component_of(a, c));
        made.back().manifest = manifest;
    }
    if (a.isolation == Isolation::worker) {
        if (!isolate)
            return Error{Code::unsupported, "it must run in a worker, and there is none",
                         "this version runs plugins in its own process only"};
        for (auto& component : made) {
            BKT_LET(component.ops, isolate(component));
        }
    } else {
        keep_open(a.file);
        BKT_LET(const auto* module, load_module(a.file ? a.file->path() : a.library));
        BKT_TRY(check_described(*module, a.manifest));  // so the two lists are in the same order
        Grants grants;
        grants.plugin = a.manifest.id;
        grants.needs = a.manifest.needs;
        BKT_LET(auto started, StartedModule::start(*module, std::move(grants)));
        started_.push_back(std::move(started));
        for (std::size_t i = 0; i < made.size(); ++i) made[i].ops = module->components[i]->ops;
    }
    for (auto& component : made) add(std::move(component));
    return {};
}

Registry Registry::load(std::vector<Admission> admissions, const Isolate& isolate) {
    Registry registry;
    for (auto& a : admissions) {
        if (a.state != State::ready) continue;
        auto loaded = registry.load_one(a, isolate);
        if (loaded) continue;
        a.state = State::refused;
        a.why = std::move(loaded).error().within(a.title());
        registry.problems_.push_back(*a.why);
    }
    registry.admissions_ = std::move(admissions);
    return registry;
}

void Registry::add_problems(std::vector<Error> earlier) {
    for (auto& problem : problems_) earlier.push_back(std::move(problem));
    problems_ = std::move(earlier);
}

std::optional<Error> Registry::why_not(std::string_view id) const {
    for (const auto& a : admissions_)
        if (a.manifest.id == id) return a.why;
    return Error{Code::not_found, "plugin '" + std::string(id) + "' is not there",
                 "install it, or take it out of plugins.use"};
}

Result<const Component*> Registry::find(std::string_view kind, std::string_view name) const {
    std::string there;
    for (const auto& c : components_) {
        if (c.kind != kind) continue;
        if (c.name == name) return &c;
        there += (there.empty() ? "" : ", ") + c.name;
    }
    const auto noun = std::string(kind.substr(0, kind.find('/')));
    for (const auto& a : admissions_)
        for (const auto& c : a.manifest.components)
            if (c.kind == kind && c.name == name && a.why)
                return Error{Code::not_found,
                             noun + " plugin '" + std::string(name) +
                                 "' is there but not loaded: " + a.why->message,
                             a.why->hint};
    return Error{Code::not_found, "no " + noun + " plugin '" + std::string(name) + "'",
                 "there are: " + (there.empty() ? "none" : there)};
}

std::vector<const Component*> Registry::all(std::string_view kind) const {
    std::vector<const Component*> found;
    for (const auto& c : components_)
        if (c.kind == kind) found.push_back(&c);
    return found;
}

Registry load_plugins(const config::Settings& settings, const std::string& dev_path,
                      const Isolate& isolate) {
    auto found = search(search_folders(settings, dev_path));
    auto problems = std::move(found.problems);
    const auto policy = Policy::from(settings, problems);
    auto admissions = admit_all(found, policy, problems);
    auto registry = Registry::load(std::move(admissions), isolate);
    registry.add_problems(std::move(problems));
    return registry;
}

}  // namespace bkt::plugin
