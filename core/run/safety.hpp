// run/safety.hpp: what is there before a restore in place puts something else in its place.
#pragma once

#include "core/archive/manifest.hpp"
#include "core/run/restore_run.hpp"
#include "core/target/job.hpp"

namespace bkt::run {

// Saves, as a backup of `job`, the databases that a restore of `manifest` replaces, whether or not the job names
// them, and all of each, whatever the job leaves out. The backup's id, or "" where the engine is sure that nothing of
// them is there. Before it, the engine refuses what the restore would have to refuse; any error says that nothing was
// touched.
Result<std::string> save_first(Context& context, const target::Job& job,
                               const archive::Manifest& manifest, const RestoreOptions& options);

}  // namespace bkt::run
