// portable_backup.hpp: InfluxDB 1 by the `influxd backup -portable` of its container.
#pragma once

#include "baktainer/engine.hpp"
#include "plugins/engines/influxdb/tools.hpp"

namespace bkt::influxdb {

class PortableBackup final {
public:
    Status plan(Call& call, Plan& plan);
    Status dump(Call& call, PartsOut& out);
    Status restore(Call& call, PartsIn& in);

private:
    // What plan() found and dump() keeps to.
    std::optional<std::vector<std::string>> chosen_;
    std::string version_;
};

}  // namespace bkt::influxdb
