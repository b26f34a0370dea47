// end_marker.hpp: proves a dump of an unknown format whole by the bytes it must end with.
//
// The marker must be the very end, to the byte. Without a marker no more is asked than that there is a dump
// at all: what `command.validate` said when it was made cannot be asked again without the target.
#pragma once

#include <memory>

#include "baktainer/stream.hpp"

namespace bkt::custom {

// `deep`: stored bytes are verified, and what that cannot prove without a marker goes to the log.
std::unique_ptr<Tap> end_marker_tap(std::string marker, bool deep);

}  // namespace bkt::custom
