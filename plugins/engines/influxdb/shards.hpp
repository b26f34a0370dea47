// shards.hpp: whether a server has taken in what `influxd restore` sent it.
//
// The program sends each shard, reads no answer and ends with 0 (UploadShard in services/snapshotter/client.go of
// 1.8); the server goes on taking it in, and tells a failure, such as a full disk, its own log alone. So the server is
// asked what its shards hold. Only an administrator may ask.
#pragma once

#include "plugins/engines/influxdb/tools.hpp"

namespace bkt::influxdb {

// Of one database.
struct Shards {
    std::size_t all = 0;
    std::size_t open = 0;    // a shard is shut while it is taken in
    std::size_t filled = 0;  // those with a data file: it gets all of its files at once
};

Result<Shards> shards_of(const Tools& tools, const std::string& database);

// Waits until `sent` shards of the database, which was made for them, hold data. Fails when no more come.
Status wait_until_taken(const Tools& tools, const std::string& database, std::size_t sent);

}  // namespace bkt::influxdb
