// bkt.temp/1: a private folder for what cannot be streamed.
#include "core/plugin/instance_host.hpp"
#include "core/plugin/services/guarded.hpp"
#include "core/plugin/services/table.hpp"

namespace bkt::plugin::services {

namespace {

bkt_rc dir(const bkt_host* host, const bkt_call* call, bkt_str* path) noexcept {
    return guarded(call, [&]() -> Status {
        BKT_LET(*path, InstanceHost::of(host).temp_dir());
        return {};
    });
}

}  // namespace

const bkt_temp kTemp = {sizeof kTemp, 0, &dir};

}  // namespace bkt::plugin::services
