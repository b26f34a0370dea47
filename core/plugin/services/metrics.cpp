// bkt.metrics/1: counters and gauges, into the process's registry (plugin/metrics.hpp).
#include "core/plugin/facilities.hpp"
#include "core/plugin/instance_host.hpp"
#include "core/plugin/services/guarded.hpp"
#include "core/plugin/services/table.hpp"

namespace bkt::plugin::services {

namespace {

void add(const bkt_host* host, bkt_str name, double amount) noexcept {
    quietly([&] {
        const auto& grants = InstanceHost::of(host).grants();
        if (grants.facilities)
            grants.facilities->metrics.add(grants.component_name, view(name), amount);
    });
}

void set(const bkt_host* host, bkt_str name, double value) noexcept {
    quietly([&] {
        const auto& grants = InstanceHost::of(host).grants();
        if (grants.facilities)
            grants.facilities->metrics.set(grants.component_name, view(name), value);
    });
}

}  // namespace

const bkt_metrics kMetrics = {sizeof kMetrics, 0, &add, &set};

}  // namespace bkt::plugin::services
