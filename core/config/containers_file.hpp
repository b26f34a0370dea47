// config/containers_file.hpp: containers as a file describes them: a compose file, or what `docker inspect`
// prints. Each label with the line it stands on. Keeps yaml-cpp out of every other file (as yaml_file.hpp);
// JSON is read as the YAML it also is, because only so has it lines. Compose's own work (interpolation,
// `extends`, `include`, `env_file`) is not done here: it is said where it matters.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "baktainer/result.hpp"
#include "core/base/secret.hpp"

namespace bkt::config {

struct WrittenLabel {
    std::string value;
    unsigned line = 0;
    bool filled_in = false;  // holds ${VAR}: what it will be is not known here
};

struct WrittenContainer {
    std::string name;  // as discovery names it: project/service, else the container's name
    std::string image;
    unsigned line = 0;
    std::map<std::string, WrittenLabel> labels;  // only "baktainer." ones
    std::map<std::string, base::Secret> env;     // values may be passwords
};

struct Remark {
    unsigned line = 0;
    bool error = false;
    std::string container;
    std::string label;  // "" = about none
    std::string text;
    std::string hint;
};

struct ContainersFile {
    std::vector<WrittenContainer> containers;
    std::vector<Remark> remarks;
};

// `text` is the content of `file`, which serves for messages and for the project's name. Code::invalid
// with the line when it is neither a compose file nor the output of `docker inspect`.
Result<ContainersFile> read_containers(const std::string& text, const std::string& file);

}  // namespace bkt::config
