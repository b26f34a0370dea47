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

// What backup() would do, asked of the server itself; changes and stores nothing. Without parts only for a safety
// backup of which nothing is there.
Result<DumpPlan> dry_run(Context& context, const target::Job& job);

}  // namespace bkt::run
