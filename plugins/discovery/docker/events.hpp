// events.hpp: the engine's event stream as changes of targets.
#pragma once

#include "baktainer/discovery.hpp"
#include "plugins/discovery/docker/api.hpp"

namespace bkt::docker {

// What an event's action means to us; nullopt = nothing. "health_status: healthy" has a blank in it.
std::optional<Change> change_of(std::string_view action);

// Emits changes until cancelled, or until `out` fails, which it returns. Says Change::resync whenever it
// has begun to listen, the first time too: what happened before may have been missed, what comes will not
// be.
Status watch_events(Api& api, Call& call, const ChangeOut& out);

}  // namespace bkt::docker
