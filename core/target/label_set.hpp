// target/label_set.hpp: a target's `baktainer.` labels, sorted by the job they speak of.
#pragma once

#include <map>
#include <string>

#include "core/target/target.hpp"

namespace bkt::target {

// One label: the key it sets, in the spelling it was written in.
struct Label {
    std::string label;  // whole, for messages: "baktainer.job.nightly.db.name"
    std::string stem;   // what stands before the key: "baktainer.job.nightly."
    std::string value;
};
using Labels = std::map<std::string, Label>;  // by key: "db.name"

struct LabelSet {
    Labels all;                            // bare keys: the default of every job
    std::map<std::string, Labels> of_job;  // "baktainer.job.<id>.<key>" by id
};

LabelSet labels_of(const Target& target);

// The label that was most likely meant to be baktainer.backup, "" when none was.
std::string misspelt_wish(const LabelSet& labels);

}  // namespace bkt::target
