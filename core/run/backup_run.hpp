// run/backup_run.hpp: one backup of one job, from lock to catalogue.
#pragma once

#include "core/run/context.hpp"
#include "core/run/engine.hpp"
#include "core/target/job.hpp"

namespace bkt::run {

struct BackupOutcome {
    archive::Manifest manifest;
    std::vector<std::string> stores;
    std::map<std::string, Error> failed_stores;  // not empty: degraded
};

// Emits run.started, then run.finished, run.degraded or run.failed. On failure nothing of the run is
// listed or kept.
Result<BackupOutcome> backup(Context& context, const target::Job& job);

// What backup() would do, asked of the server itself; changes and stores nothing.
Result<DumpPlan> dry_run(Context& context, const target::Job& job);

// The same of a safety backup, whose job has "restore.safety": without parts where the engine is sure that nothing
// of what the job names is there.
Result<DumpPlan> plan_safety(Context& context, const target::Job& job);

}  // namespace bkt::run
