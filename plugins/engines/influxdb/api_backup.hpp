// api_backup.hpp: InfluxDB 2 by the server's own backup API, over the network, into one tar.
//
// A backup is the whole server, and so is what a restore replaces: every organisation, user, token, dashboard and
// bucket becomes the backup's, nothing of the server's own stays.
#pragma once

#include "baktainer/engine.hpp"

namespace bkt::influxdb {

Status plan_api_backup(Call& call, Plan& plan);
Status dump_by_api(Call& call, PartsOut& out);
Status restore_by_api(Call& call, PartsIn& in);

}  // namespace bkt::influxdb
