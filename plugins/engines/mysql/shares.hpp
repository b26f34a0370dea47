// shares.hpp: how the databases of a server are divided among dump tools that begin at one moment.
#pragma once

#include "plugins/engines/mysql/table_choice.hpp"

namespace bkt::mysql {

struct Shares {
    std::vector<std::vector<Choice>> lists;  // one a tool; none: one database after the other
    std::string why_not;                     // for the plan, when more than one tool was asked for
};

// `parallel`: how many tools, 0 = as the size and this machine's cores suggest. A database is dumped by
// one of them; one that gets several dumps them in one transaction.
Shares divide(const std::vector<Choice>& choices, const Selection& selection, const Server& server,
              std::size_t parallel);

}  // namespace bkt::mysql
