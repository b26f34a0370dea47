// dump.hpp: the databases and accounts of a server into their parts, in turn or as one moment.
#pragma once

#include "baktainer/engine.hpp"
#include "plugins/engines/mysql/shares.hpp"

namespace bkt::mysql {

struct DumpRun {  // Borrows all.
    const Tools& tools;
    const Server& server;
    const Tools::DumpTool& tool;
    const Selection& selection;
    const bool accounts;  // save them
    PartsOut& out;
};

// One after the other, each a state of its own.
Status dump_in_turn(const DumpRun& run, const std::vector<Choice>& choices);

// All begun under one read lock, accounts and the binary log's position read under it too. False when the
// server did not give the lock, which is warned of: nothing was begun then.
Result<bool> dump_together(const DumpRun& run, const Shares& shares);

}  // namespace bkt::mysql
