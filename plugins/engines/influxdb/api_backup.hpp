// api_backup.hpp: InfluxDB 2 by the server's own backup API, over the network, into one tar.
//
// A backup is the whole server, and so is what a restore replaces: every organisation, user, token, dashboard and
// bucket becomes the backup's, nothing of the server's own stays.
#pragma once

#include "baktainer/engine.hpp"
#include "plugins/engines/influxdb/api.hpp"
#include "plugins/engines/influxdb/api_tar.hpp"
#include "plugins/engines/influxdb/multipart.hpp"

namespace bkt::influxdb {

Status plan_api_backup(Call& call, Plan& plan);
Status dump_by_api(Call& call, PartsOut& out);
Status restore_by_api(Call& call, PartsIn& in);

// The server's metadata, part by part, to their end. Code::unsupported where there is no such backup.
Status ask_metadata(const Api& api, MultipartReader& into);

// One shard as a file of `tar`. False: it has expired since the list was made.
Result<bool> dump_shard(const Api& api, ApiTarWriter& tar, std::uint64_t id);

}  // namespace bkt::influxdb
