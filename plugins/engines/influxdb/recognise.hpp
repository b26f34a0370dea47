// recognise.hpp: what an image and its environment say of an InfluxDB server: which version, and who may ask it.
#pragma once

#include "baktainer/engine.hpp"

namespace bkt::influxdb {

Status recognise_server(const TargetView& target, Recognition& out);

}  // namespace bkt::influxdb
