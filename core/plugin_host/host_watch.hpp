// plugin_host/host_watch.hpp: ends this process as soon as its host is gone, whatever the plugin is at.
#pragma once

namespace bkt::plugin_host {

// From here on a thread of its own looks at `socket`, for the life of this process: when the other end is
// closed, also by the host's death, the process ends at once. To be asked for before any code of a plugin
// runs, because a constructor or an init() that hangs leaves nobody else to notice; and after the sandbox
// is closed, which holds for later threads only.
void end_with_host(int socket);

}  // namespace bkt::plugin_host
