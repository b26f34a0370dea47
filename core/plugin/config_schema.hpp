// plugin/config_schema.hpp: the settings an operator wrote, checked and completed by what the component says
// it can be set to.
//
// Read of the schema (JSON Schema 2020-12) is what abi.h promises: an object whose properties are strings,
// integers or booleans, with description, default, enum, minimum, maximum, required, and writeOnly for a
// secret.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "baktainer/result.hpp"

namespace bkt::plugin {

struct Configured {
    std::map<std::string, std::string> config;  // for bkt.config/1, defaults filled in
    std::map<std::string, std::string>
        secrets;  // by setting: a reference (config/secret_value.hpp)
};

// `<key>_file` gives any setting from a file; a secret may also be "env:NAME", "file:/path" or
// "credential:NAME", never the secret itself. `closed`: an option the schema does not know is an error
// (otherwise it is passed on unchecked). Code::invalid names the setting, never its value;
// Code::fault = the schema itself is broken.
Result<Configured> configure(std::string_view schema,
                             const std::map<std::string, std::string>& options, bool closed);

}  // namespace bkt::plugin
