// shares.hpp: how the rows of one database are divided among dump tools that run at once.
#pragma once

#include "plugins/engines/postgres/filter.hpp"

namespace bkt::postgres {

// Each but the first tool dumps a list of tables; the first dumps everything no list names, whatever has
// come to be by then.
struct Shares {
    std::vector<std::vector<Relation>> lists;
    std::string why_not;  // for the plan, when one tool does it all although more were asked for

    std::size_t count() const { return lists.size() + 1; }
};

// `parallel`: how many tools, 0 = as the size and this machine's cores suggest.
Shares divide(const Relations& relations, const Filter& filter, std::size_t parallel);

}  // namespace bkt::postgres
