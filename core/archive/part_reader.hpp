// archive/part_reader.hpp: one stored part back into plain bytes, every byte checked against the
// manifest.
#pragma once

#include "core/archive/manifest.hpp"
#include "core/archive/store.hpp"
#include "core/stream/budget.hpp"

namespace bkt::archive {

// Pushes the part's plain bytes into `to`. `to.finish()` is called only when stored and plain size and
// SHA-256 are those of the manifest; otherwise Code::corrupt (or the store's error) names the part.
Status read_part(const Store& store, const std::string& folder, const Part& part, stream::Stage& to,
                 const stream::Budget& budget, const plugin::CallScope& scope);

}  // namespace bkt::archive
