// bucket_backup.hpp: buckets of InfluxDB 2 that a job names, each as a part of its own.
//
// No user, token or dashboard is in it, and a restore replaces none: a bucket is made in the organisation of the
// same name, which is made where it is missing.
#pragma once

#include <optional>

#include "baktainer/engine.hpp"
#include "plugins/engines/influxdb/buckets.hpp"

namespace bkt::influxdb {

class BucketBackup final {
public:
    Status plan(Call& call, Plan& plan);
    Status dump(Call& call, PartsOut& out);
    static Status restore(Call& call, PartsIn& in);

private:
    std::optional<std::vector<BucketManifest>> chosen_;  // what plan() found and dump() keeps to
};

}  // namespace bkt::influxdb
