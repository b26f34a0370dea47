#include "core/plugin_host/host_watch.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

namespace bkt::plugin_host {

void end_with_host(int socket) {
    std::thread([socket] {
        pollfd host{socket, 0, 0};  // no events: POLLHUP is told unasked
        for (;;) {
            const int n = ::poll(&host, 1, -1);
            if (n > 0) break;
            if (n < 0 && errno != EINTR)
                return;  // out of memory: the receiving threads still notice
        }
        ::_exit(0);
    }).detach();
}

}  // namespace bkt::plugin_host
