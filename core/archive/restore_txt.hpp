// archive/restore_txt.hpp: the text beside every backup that tells how to restore it with standard
// tools alone.
#pragma once

#include <string>

#include "core/archive/manifest.hpp"

namespace bkt::archive {

constexpr std::string_view kRestoreName = "RESTORE.txt";

// `recipe`: the engine's own lines for the decoded parts.
std::string restore_text(const Manifest& manifest, const std::string& recipe);
// For the root of a store.
std::string store_text();

}  // namespace bkt::archive
