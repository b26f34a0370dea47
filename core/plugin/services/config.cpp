// bkt.config/1: the settings an instance was opened with.
#include "core/plugin/instance_host.hpp"
#include "core/plugin/services/guarded.hpp"
#include "core/plugin/services/table.hpp"

namespace bkt::plugin::services {

namespace {

bkt_str get(const bkt_host* host, bkt_str key) noexcept {
    bkt_str value{nullptr, 0};
    quietly([&] {
        const auto& config = InstanceHost::of(host).grants().config;
        if (const auto found = config.find(std::string(view(key))); found != config.end())
            value = str(found->second);
    });
    return value;
}

bkt_rc keys(const bkt_host* host, const bkt_key_out* out) noexcept {
    for (const auto& [key, value] : InstanceHost::of(host).grants().config)
        if (const bkt_rc rc = out->key(out, str(key)); rc != BKT_OK) return rc;
    return BKT_OK;
}

}  // namespace

const bkt_config kConfig = {sizeof kConfig, 0, &get, &keys};

}  // namespace bkt::plugin::services
