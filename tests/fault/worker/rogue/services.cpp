// How the rogue uses what the host offers, and what it does not.
#include <sys/socket.h>

#include <thread>
#include <utility>

#include "baktainer/abi/draft/net.h"
#include "baktainer/abi/services/config.h"
#include "baktainer/abi/services/exec.h"
#include "baktainer/abi/services/secret.h"
#include "baktainer/abi/services/temp.h"
#include "tests/fault/worker/rogue/instance.hpp"

namespace rogue {
namespace {

bkt_rc has_none_ungranted(Instance& i, const bkt_call*, const bkt_event*) {
    for (const char* id : {BKT_SERVICE_EXEC, "bkt.net/1", "bkt.none/1"})
        if (service<void>(i.host, id)) return BKT_FAILED;
    return BKT_OK;
}

// Names that are none: nothing, empty, with a NUL, not ended, very long.
bkt_rc asks_oddly(Instance& i, const bkt_call* call, const bkt_event*) {
    const std::string id = BKT_SERVICE_SECRET, longer(100'000, 'x');
    const bkt_str odd[] = {{nullptr, 0},
                           {"", 0},
                           {"\0\xff", 2},
                           {id.data(), id.size() - 1},
                           {longer.data(), longer.size()}};
    const auto* secret = service<bkt_secret>(i.host, BKT_SERVICE_SECRET);
    for (const bkt_str& name : odd) {
        if (i.host->service(i.host, name)) return BKT_FAILED;
        bkt_str value{};
        if (secret->resolve(i.host, call, name, &value) == BKT_OK && value.len > 0)
            return BKT_FAILED;
    }
    return BKT_OK;
}

bkt_rc dials(Instance& i, const bkt_call* call, const bkt_event*) {
    const auto* net = service<bkt_net>(i.host, BKT_SERVICE_NET);
    if (!net) return BKT_UNSUPPORTED;
    const auto* config = service<bkt_config>(i.host, BKT_SERVICE_CONFIG);
    const bkt_str port = config->get(i.host, str("port"));
    std::int32_t fd = -1;
    if (const bkt_rc rc =
            net->dial(i.host, call, config->get(i.host, str("host")),
                      static_cast<std::uint32_t>(std::stoul(std::string(port.ptr, port.len))), &fd);
        rc != BKT_OK)
        return rc;
    int keeps_alive = 0;
    socklen_t size = sizeof keeps_alive;
    char answer[4] = {};
    const bool same = ::getsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &keeps_alive, &size) == 0 &&
                      keeps_alive == 1 && ::write(fd, "ping", 4) == 4 &&
                      ::read(fd, answer, 4) == 4 && std::memcmp(answer, "ping", 4) == 0;
    ::close(fd);
    return same ? BKT_OK : BKT_FAILED;
}

bkt_rc resolves(Instance& i, const bkt_call* call, const bkt_event*) {
    bkt_str value{};
    const bkt_rc rc = service<bkt_secret>(i.host, BKT_SERVICE_SECRET)
                          ->resolve(i.host, call, str("token"), &value);
    if (rc != BKT_OK) return rc;
    return std::string(value.ptr, value.len) == "s3cr3t" ? BKT_OK : BKT_FAILED;
}

// Resolves a secret for a call that is over by then.
bkt_rc resolves_late(Instance& i, const bkt_call* call, const bkt_event*) {
    static bool has_thread = false;
    if (!std::exchange(has_thread, true))
        std::thread([host = i.host, call] {
            ::usleep(200'000);
            bkt_str value{};
            service<bkt_secret>(host, BKT_SERVICE_SECRET)
                ->resolve(host, call, str("token"), &value);
        }).detach();
    return BKT_OK;
}

const Deed kServices[] = {
    {"started",
     [](Instance&, const bkt_call*, const bkt_event*) -> bkt_rc {
         return is_started() ? BKT_OK : BKT_FAILED;
     }},
    {"ungranted service", &has_none_ungranted},
    {"odd names", &asks_oddly},
    {"dial", &dials},
    {"secret", &resolves},
    {"late thread", &resolves_late},
};

}  // namespace

std::span<const Deed> services() { return kServices; }

}  // namespace rogue
