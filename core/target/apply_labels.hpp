// target/apply_labels.hpp: what labels say becomes a job's settings, or what is wrong with it.
#pragma once

#include "core/target/job.hpp"
#include "core/target/label_set.hpp"

namespace bkt::target {

// Over what the job has. Of two spellings of one key today's wins.
void apply_labels(Job& job, const Labels& labels);

// Once the engine is known: what does not speak to it is taken away; a label with a warning, a default
// without a word.
void drop_what_does_not_apply(Job& job);

}  // namespace bkt::target
