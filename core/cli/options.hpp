// cli/options.hpp: what the global flags say, for every verb.
#pragma once

#include <string>

namespace bkt::cli {

struct Options {
    std::string config;     // --config
    std::string output;     // "text" or "json"
    int verbose = 0;        // -v, -vv
    bool quiet = false;     // -q
    bool no_color = false;  // --no-color or NO_COLOR
    bool dev = false;       // --dev
    bool json() const { return output == "json"; }
};

}  // namespace bkt::cli
