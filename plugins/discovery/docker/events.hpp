// events.hpp: the engine's event stream as changes of targets.
#pragma once

#include "baktainer/discovery.hpp"
#include "plugins/discovery/docker/api.hpp"

namespace bkt::docker {

// What an event's action means to us; nullopt = nothing. "health_status: healthy" has a blank in it.
std::optional<Change> change_of(std::string_view action);

// Emits changes until cancelled. After a lost connection it says Change::resync, because events may have
// been missed.
Status watch_events(Api& api, Call& call, const ChangeOut& out);

}  // namespace bkt::docker
