#include "core/plugin/module.hpp"

#define BOOST_DLL_USE_STD_FS
#include <algorithm>
#include <boost/dll/shared_library.hpp>
#include <cstring>
#include <filesystem>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "core/plugin/manifest.hpp"
#include "core/plugin/shape.hpp"

namespace bkt::plugin {

namespace {

namespace dll = boost::dll;

// A module from the future may be larger; one of this size is a number that is no size.
constexpr std::uint32_t kMaxStructBytes = 1 << 16;

// The list is what a leak checker finds the libraries by.
void never_unload(std::unique_ptr<dll::shared_library> library) {
    static auto* const kept = new std::vector<std::unique_ptr<dll::shared_library>>;
    kept->push_back(std::move(library));
}

Error broke(const std::string& rule) {
    return {Code::fault, "it broke a rule: " + rule, "report it to the plugin's author"};
}

bool is_text(const char* text, std::size_t most) {
    return text && ::strnlen(text, most + 1) <= most;
}

Status check_list(const char* const* list, std::uint64_t count, const char* what) {
    if (count > kMaxListed) return broke(std::string("it lists too many ") + what);
    if (count > 0 && !list) return broke(std::string("its list of ") + what + " is NULL");
    for (std::uint64_t i = 0; i < count; ++i)
        if (!is_text(list[i], kMaxIdBytes) || !*list[i])
            return broke(std::string("its list of ") + what + " holds an empty or endless text");
    return {};
}

Status check_component(const bkt_component* c) {
    if (!c) return broke("a component is NULL");
    if (!BKT_HAS(c, bkt_component, ops) || c->size > kMaxStructBytes)
        return broke("a component has the size " + std::to_string(c->size));
    if (!is_text(c->kind, kMaxIdBytes) || !*c->kind) return broke("a component has no kind");
    if (!is_text(c->name, kMaxIdBytes) || !is_plugin_id(c->name))
        return broke("a component's name is missing or not made of letters, digits, '.', '_', '-'");
    if (!c->ops) return broke("component '" + std::string(c->name) + "' has no table");
    if (c->title && !is_text(c->title, kMaxTitleBytes))
        return broke("component '" + std::string(c->name) + "' has an endless title");
    if (BKT_HAS(c, bkt_component, config_schema) && c->config_schema &&
        !is_text(c->config_schema, kMaxSchemaBytes))
        return broke("component '" + std::string(c->name) + "' has an endless schema");
    return {};
}

Status check_components(const bkt_module* m) {
    if (m->component_count == 0) return broke("it offers nothing");
    if (m->component_count > kMaxListed) return broke("it lists too many components");
    if (!m->components) return broke("its list of components is NULL");
    std::set<std::pair<std::string, std::string>> seen;
    for (std::uint64_t i = 0; i < m->component_count; ++i) {
        BKT_TRY(check_component(m->components[i]));
        if (!seen.emplace(m->components[i]->kind, m->components[i]->name).second)
            return broke("it offers '" + std::string(m->components[i]->name) + "' twice");
    }
    return {};
}

}  // namespace

Status check_module(const bkt_module* m) {
    if (!m) return broke("its entry returned nothing");
    if (!BKT_HAS(m, bkt_module, component_count) || m->size > kMaxStructBytes)
        return broke("its module has the size " + std::to_string(m->size));
    if (!is_text(m->id, kMaxIdBytes) || !is_plugin_id(m->id))
        return broke("its id is missing or not made of letters, digits, '.', '_', '-'");
    if (!is_text(m->version, kMaxIdBytes) || !*m->version) return broke("it has no version");
    if (m->vendor && !is_text(m->vendor, kMaxTitleBytes)) return broke("its vendor is endless");
    if (m->abi_min_minor > BKT_ABI_MINOR)
        return Error{Code::unsupported,
                     "it needs plugin interface 0." + std::to_string(m->abi_min_minor) +
                         ", this program offers 0." + std::to_string(BKT_ABI_MINOR),
                     "update Baktainer"};
    BKT_TRY(check_components(m));
    if (BKT_HAS(m, bkt_module, need_count)) BKT_TRY(check_list(m->needs, m->need_count, "needs"));
    if (BKT_HAS(m, bkt_module, experimental_count))
        BKT_TRY(check_list(m->experimental, m->experimental_count, "experimental parts"));
    return {};
}

Result<const bkt_module*> load_module(const std::string& path) {
    try {
        auto library = std::make_unique<dll::shared_library>(
            std::filesystem::path(path), dll::load_mode::rtld_now | dll::load_mode::rtld_local);
        const auto entry =
            reinterpret_cast<bkt_module_fn>(&library->get<const bkt_module*()>(BKT_MODULE_SYMBOL));
        never_unload(std::move(library));
        const auto* module = entry();
        BKT_TRY(check_module(module));
        return in_our_shape(*module);
    } catch (const std::exception& e) {
        return Error{Code::invalid, std::string("the dynamic loader refuses it: ") + e.what(),
                     "install the plugin's build for this distribution, or build it here"};
    }
}

}  // namespace bkt::plugin
