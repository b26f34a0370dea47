// plugin/config_schema.hpp: an instance's settings held against what its component says it takes.
//
// The schema is JSON Schema in the small form abi.h allows: an object whose properties are strings,
// integers or booleans, with required, default, enum, minimum and maximum. What else a schema says is not
// checked here.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "baktainer/result.hpp"

namespace bkt::plugin {

// Adds to what is wrong with setting `key` where it was written.
using WrongAt = std::function<Error(const std::string& key, Error error)>;

// `config` with the defaults filled in, or what is wrong with it: a missing or unknown key (with the nearest
// known one), a value of the wrong type. Code::invalid; Code::fault for a schema that is none. Never
// echoes a value the schema marks writeOnly. An empty schema takes everything. Keys `passes` says yes to
// are the host's own: they need be neither known nor set.
Result<std::map<std::string, std::string>> check_config(
    const std::string& schema, std::map<std::string, std::string> config,
    const std::function<bool(std::string_view)>& passes = {}, const WrongAt& at = {});

}  // namespace bkt::plugin
