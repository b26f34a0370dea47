// plugin/registry.hpp: the plugins there are, by kind and name. A plain object made by main.
//
// Plugins are loaded with Boost.DLL from absolute paths, resolved at once, with local symbols, and never
// unloaded (docs/architecture.md, "The wall"). A library that breaks a rule is left out and reported; it
// never takes the others with it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "baktainer/abi/abi.h"
#include "baktainer/result.hpp"

namespace bkt::plugin {

struct Component {
    std::string module;  // "baktainer.engine.postgres"
    std::string version;
    std::string kind;  // BKT_KIND_*
    std::string name;  // "postgres"
    std::string path;  // of the library
    const void* ops = nullptr;
    std::vector<std::string> needs;         // services its module may be granted
    std::vector<std::string> experimental;  // drafts its module was built with
    std::string config_schema;              // "" = its settings are not checked
    bool allow_experimental = false;        // the operator lets it use drafts
};

class Registry final {
public:
    // Loads every `<dir>/<id>/lib*.so`, folders in the given order, entries in byte order. The first of
    // two components of one kind and name wins; the second is reported.
    static Registry load(const std::vector<std::string>& dirs);

    // Code::not_found names the components of that kind there are.
    Result<const Component*> find(std::string_view kind, std::string_view name) const;
    std::vector<const Component*> all(std::string_view kind) const;
    const std::vector<Component>& components() const { return components_; }
    const std::vector<Error>& problems() const { return problems_; }

private:
    void add(const std::string& path);

    std::vector<Component> components_;
    std::vector<Error> problems_;
};

// Where built-in plugins lie: <folder of this program>/../lib/baktainer/plugins.
std::string builtin_dir();

}  // namespace bkt::plugin
