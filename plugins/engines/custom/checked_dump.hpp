// checked_dump.hpp: runs a command into a sink while another program reads the same bytes and judges them.
//
// Both run at once, so that no dump is spooled anywhere; the judge's slowness is the dump's. A judge that
// ends before the dump does cannot have seen its end: that is a failure whatever it exits with.
#pragma once

#include "baktainer/exec.hpp"

namespace bkt::custom {

// Runs `command` into `sink`, its bytes also going to `judge`'s stdin. The command's result, once it exited
// 0 and the judge has exited 0 after it. The judge runs on a thread of its own, which ends before this returns.
Result<ExecResult> run_checked(Call& call, Exec command, Exec judge, const std::string& judge_name,
                               const Sink& sink);

}  // namespace bkt::custom
