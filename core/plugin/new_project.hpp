// plugin/new_project.hpp: the first files of somebody's own plugin, from the templates of the SDK
// (sdk/templates/README.md).
#pragma once

#include <string>
#include <vector>

#include "baktainer/result.hpp"

namespace bkt::plugin {

struct NewProject {
    std::string kind;  // "notifier"
    std::string id;    // "com.acme.my-pager"
    std::string lang = "cpp";
    std::string dir;  // "" = ./<the id's last word>
};

struct WrittenProject {
    std::string dir;
    std::vector<std::string> files;  // relative, in the order they were written
};

// Where the templates lie: <folder of this program>/../share/baktainer/templates.
std::string templates_dir();

// A domain of at least two words backwards, then the plugin's name: lowercase words of letters, digits and
// '-', each beginning with a letter. Not ours. Code::invalid says what is wrong.
Status check_new_id(const std::string& id);

// Writes the project into a folder that must not be there yet; whole or not at all. Code::invalid: kind,
// language or id; Code::exists; Code::not_found: no templates.
Result<WrittenProject> write_project(const std::string& templates, const NewProject& wish);

}  // namespace bkt::plugin
