// influxdb_engine.hpp: the "influxdb" engine: InfluxDB 1 by `influxd backup -portable` of the target.
#pragma once

#include "baktainer/engine.hpp"
#include "plugins/engines/influxdb/tools.hpp"

namespace bkt::influxdb {

class InfluxdbEngine final : public Engine {
public:
    explicit InfluxdbEngine(Call&) {}

    static Status recognise(Call& call, const TargetView& target, Recognition& out);

    Status plan(Call& call, Plan& plan) override;
    Status dump(Call& call, PartsOut& out) override;
    Status restore(Call& call, PartsIn& in) override;
    Result<std::unique_ptr<Tap>> validator(Call& call, std::string_view name,
                                           std::string_view media_type, bool deep) override;
    Result<std::string> recipe(Call& call, const std::vector<std::string>& parts) override;

private:
    std::optional<std::vector<std::string>> chosen_;  // what plan() found and dump() keeps to
};

}  // namespace bkt::influxdb
