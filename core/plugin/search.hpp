// plugin/search.hpp: which plugins lie where. Reads plugin.json files; loads nothing.
//
// A plugin is a folder <search folder>/<id>/ with plugin.json, its library and perhaps plugin.sig. Folders
// are searched in a fixed order and their entries in byte order, so the same files always mean the same
// plugins.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "baktainer/result.hpp"
#include "baktainer/unique_fd.hpp"
#include "core/config/settings.hpp"
#include "core/plugin/manifest.hpp"
#include "core/plugin/safe_path.hpp"

namespace bkt::plugin {

inline constexpr std::size_t kMaxUnits = 1000;  // entries of one search folder

struct SearchFolder {
    std::string path;
    bool beside_program = false;  // may hold built-in plugins
    bool must_exist = false;      // was asked for by name
};

// One plugin's folder.
struct Unit {
    std::string path;
    bool beside_program = false;
    std::shared_ptr<const UniqueFd> folder;  // open
    // Why somebody else could have written the folder or plugin.json; nothing = safe.
    std::optional<Error> unsafe;
    // The same by the milder rule for what is listed beside the program (trust.hpp).
    std::optional<Error> unsafe_builtin;
    std::string manifest_text;
    Manifest manifest;
    std::string library_path() const { return path + "/" + manifest.lib; }
};

struct SearchResult {
    std::vector<Unit> units;  // in order; one id may be there more than once
    std::vector<Error> problems;
};

// Where built-in plugins lie: <folder of this program>/../lib/baktainer/plugins.
std::string builtin_folder();

// In order: `dev_path` (BAKTAINER_PLUGIN_PATH under --dev, else ""), plugins.path of the settings,
// /usr/local/lib/baktainer/plugins, /usr/lib/baktainer/plugins, the one beside the program, and
// <state_dir>/plugins. A folder that would come twice comes once.
std::vector<SearchFolder> search_folders(const config::Settings& settings,
                                         const std::string& dev_path = {});

// BAKTAINER_PLUGIN_PATH when `dev` says so. An environment may come from somebody with less rights, so
// Code::denied for root and for a program that was given more rights than its caller has.
Result<std::string> dev_plugin_path(bool dev, const config::Environment& environment,
                                    bool privileged);
bool is_privileged();

// Who may own what is listed beside the program.
Owners beside_program_owners();

SearchResult search(const std::vector<SearchFolder>& folders);

}  // namespace bkt::plugin
