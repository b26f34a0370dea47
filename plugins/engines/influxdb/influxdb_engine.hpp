// influxdb_engine.hpp: the "influxdb" engine: InfluxDB 1 by the tools of its container, InfluxDB 2 by its HTTP API.
//
// Which of both is the job's mode: `remote` is asked for where recognise() saw a 2, and nothing but a 2 can be
// backed up that way. A restore goes by what the backup holds.
#pragma once

#include "baktainer/http.hpp"
#include "plugins/engines/influxdb/bucket_backup.hpp"
#include "plugins/engines/influxdb/portable_backup.hpp"

namespace bkt::influxdb {

class InfluxdbEngine final : public Engine {
public:
    static constexpr std::array needs{BKT_SERVICE_EXEC, BKT_SERVICE_HTTP,    BKT_SERVICE_SECRET,
                                      BKT_SERVICE_TEMP, BKT_SERVICE_METRICS, BKT_SERVICE_EVENTS};

    explicit InfluxdbEngine(Call&) {}

    static Status recognise(Call& call, const TargetView& target, Recognition& out);

    Status plan(Call& call, Plan& plan) override;
    Status dump(Call& call, PartsOut& out) override;
    Status restore(Call& call, PartsIn& in) override;
    Result<std::unique_ptr<Tap>> validator(Call& call, std::string_view name,
                                           std::string_view media_type, bool deep) override;
    Result<std::string> recipe(Call& call, const std::vector<std::string>& parts) override;

private:
    PortableBackup portable_;
    BucketBackup buckets_;
};

}  // namespace bkt::influxdb
