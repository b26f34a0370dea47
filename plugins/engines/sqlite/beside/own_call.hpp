// own_call.hpp: the program's own call and host, where no daemon is: a signal cancels, and there is a clock.
#pragma once

#include "baktainer/call.hpp"

namespace bkt::sqlite::beside {

// One in a process: SIGTERM, SIGINT and SIGHUP cancel it. Valid until the process ends.
Call own_call();

}  // namespace bkt::sqlite::beside
