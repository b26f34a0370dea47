#include "core/plugin/registry.hpp"

#define BOOST_DLL_USE_STD_FS
#include <algorithm>
#include <boost/dll/library_info.hpp>
#include <boost/dll/shared_library.hpp>
#include <filesystem>
#include <memory>
#include <vector>

#include "baktainer/abi/kinds/engine.h"
#include "baktainer/abi/kinds/storage.h"

namespace bkt::plugin {

namespace {

namespace fs = std::filesystem;
namespace dll = boost::dll;

// What the file itself tells, before anything of it runs: a cut library would end this process with
// SIGBUS inside dlopen, and one without our symbol would have run its constructors for nothing.
// The table of symbols lies at a library's end, so reading it finds a cut one.
Status check_file(const std::string& path) {
    dll::library_info info(fs::path(path), true);
    const auto symbols = info.symbols();
    if (std::find(symbols.begin(), symbols.end(), BKT_MODULE_SYMBOL) != symbols.end()) return {};
    return Error{Code::invalid, "'" + path + "' exports no " BKT_MODULE_SYMBOL,
                 "it is not a Baktainer plugin, or was built for another version"};
}

// The library stays mapped for the life of the process: thread-local destructors, atexit handlers and
// handed-out tables would outlive an unloaded one. The list is what a leak checker finds it by.
void never_unload(std::unique_ptr<dll::shared_library> library) {
    static auto* const kept = new std::vector<std::unique_ptr<dll::shared_library>>;
    kept->push_back(std::move(library));
}

Result<const bkt_module*> open_module(const std::string& path) {
    try {
        BKT_TRY(check_file(path));
        auto library = std::make_unique<dll::shared_library>(
            fs::path(path), dll::load_mode::rtld_now | dll::load_mode::rtld_local);
        const auto entry =
            reinterpret_cast<bkt_module_fn>(&library->get<const bkt_module*()>(BKT_MODULE_SYMBOL));
        never_unload(std::move(library));
        return entry();
    } catch (const std::exception& e) {
        return Error{Code::invalid, "cannot load '" + path + "': " + e.what()};
    }
}

Status check_module(const bkt_module* m, const std::string& path) {
    const auto broke = [&](const char* rule) {
        return Error{Code::fault, "plugin '" + path + "' broke a rule: " + rule,
                     "report it to its author"};
    };
    if (!m) return broke("its entry returned nothing");
    if (!BKT_HAS(m, bkt_module, component_count)) return broke("its module struct is too small");
    if (!m->id || !m->version || (m->component_count > 0 && !m->components))
        return broke("a field is NULL");
    if (m->abi_min_minor > BKT_ABI_MINOR)
        return Error{Code::unsupported,
                     "plugin '" + std::string(m->id) + "' needs ABI 0." +
                         std::to_string(m->abi_min_minor) + ", this program offers 0." +
                         std::to_string(BKT_ABI_MINOR),
                     "update Baktainer"};
    for (std::uint64_t i = 0; i < m->component_count; ++i) {
        const bkt_component* c = m->components[i];
        if (!c || !BKT_HAS(c, bkt_component, ops) || !c->kind || !c->name || !c->ops)
            return broke("a component is incomplete");
    }
    return {};
}

std::vector<std::string> texts(const char* const* list, std::uint64_t count) {
    return list ? std::vector<std::string>(list, list + count) : std::vector<std::string>();
}

}  // namespace

void Registry::add(const std::string& path) {
    auto module = open_module(path);
    if (!module) return problems_.push_back(std::move(module).error());
    if (auto ok = check_module(*module, path); !ok)
        return problems_.push_back(std::move(ok).error());
    const std::vector<std::string> none;
    const bool lists_needs = BKT_HAS(*module, bkt_module, experimental_count);
    for (std::uint64_t i = 0; i < (*module)->component_count; ++i) {
        const bkt_component* c = (*module)->components[i];
        const bool has_schema = BKT_HAS(c, bkt_component, config_schema) && c->config_schema;
        const auto twin = std::find_if(
            components_.begin(), components_.end(),
            [&](const Component& other) { return other.kind == c->kind && other.name == c->name; });
        if (twin != components_.end())
            problems_.push_back({Code::conflict, "'" + path + "' offers '" + c->name +
                                                     "' again; '" + twin->path + "' is used"});
        else
            components_.push_back(
                {(*module)->id, (*module)->version, c->kind, c->name, path, c->ops,
                 lists_needs ? texts((*module)->needs, (*module)->need_count) : none,
                 lists_needs ? texts((*module)->experimental, (*module)->experimental_count) : none,
                 has_schema ? c->config_schema : "", false});
    }
}

Registry Registry::load(const std::vector<std::string>& dirs) {
    Registry registry;
    for (const auto& dir : dirs) {
        std::vector<std::string> libraries;
        std::error_code ec;
        for (const auto& unit : fs::directory_iterator(dir, ec)) {
            std::error_code inner;
            for (const auto& file : fs::directory_iterator(unit.path(), inner))
                if (file.path().extension() == ".so")
                    libraries.push_back(fs::absolute(file.path()).string());
        }
        if (ec)
            registry.problems_.push_back(
                {Code::not_found, "no plugins in '" + dir + "': " + ec.message()});
        std::sort(libraries.begin(), libraries.end());
        for (const auto& library : libraries) registry.add(library);
    }
    return registry;
}

Result<const Component*> Registry::find(std::string_view kind, std::string_view name) const {
    std::string there;
    for (const auto& c : components_) {
        if (c.kind != kind) continue;
        if (c.name == name) return &c;
        there += (there.empty() ? "" : ", ") + c.name;
    }
    const auto noun = std::string(kind.substr(0, kind.find('/')));
    return Error{Code::not_found, "no " + noun + " plugin '" + std::string(name) + "'",
                 "there are: " + (there.empty() ? "none" : there)};
}

std::vector<const Component*> Registry::all(std::string_view kind) const {
    std::vector<const Component*> found;
    for (const auto& c : components_)
        if (c.kind == kind) found.push_back(&c);
    return found;
}

std::string builtin_dir() {
    std::error_code ec;
    const auto self = fs::read_symlink("/proc/self/exe", ec);
    return (self.parent_path().parent_path() / "lib/baktainer/plugins").string();
}

}  // namespace bkt::plugin
