// config/label_example.hpp: a compose file that shows the labels of one database, each with its reason.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "baktainer/result.hpp"

namespace bkt::config {

// The databases there is an example of, as in kEngineNames.
std::vector<std::string_view> example_engines();

// A whole compose file; Code::not_found names the nearest database there is one of.
Result<std::string> label_example(std::string_view engine);

}  // namespace bkt::config
