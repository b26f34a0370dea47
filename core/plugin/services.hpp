// plugin/services.hpp: the one table of host services, by id.
#pragma once

#include <string_view>

namespace bkt::plugin {

struct ServiceRow {
    std::string_view id;
    const void* table;  // the bkt_* struct of abi/services/
};

extern const ServiceRow kServices[7];

}  // namespace bkt::plugin
