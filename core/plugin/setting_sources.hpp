// plugin/setting_sources.hpp: where an operator's settings of a plugin come from: the configuration itself, a
// file, or, for a secret, only a reference to it.
#pragma once

#include <map>
#include <string>

#include "core/plugin/config_schema.hpp"

namespace bkt::plugin {

struct Sourced {
    std::map<std::string, std::string>
        config;  // what is no secret, as written or read from its file
    std::map<std::string, std::string>
        secrets;  // by setting: a reference (config/secret_value.hpp)
};

// `<key>_file: /path` gives any setting of the schema from a file. A setting the schema marks writeOnly is a
// secret: it may also be "env:NAME", "file:/path" or "credential:NAME", never the secret itself, and is
// not read now. Options the schema does not know are left as they are (config_schema.hpp judges them).
// Code::invalid names the setting, never its value.
Result<Sourced> sourced(const std::string& schema,
                        const std::map<std::string, std::string>& options, const WrongAt& at = {});

}  // namespace bkt::plugin
