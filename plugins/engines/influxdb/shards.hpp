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
    std::size_t all = 0;     // in the catalogue
    std::size_t open = 0;    // a shard is shut while it is taken in
    std::size_t filled = 0;  // those with a data file: it gets all of its files at once
};

Result<Shards> shards_of(const Tools& tools, const std::string& database);

// Waits until all that were sent to a database made for them hold their data; `open` is not looked at. Fails when no
// more come. How many are gone again: a server drops at any time what is older than its retention policy keeps.
Result<std::size_t> wait_until_taken(const Tools& tools, const std::string& database,
                                     const Shards& sent);

}  // namespace bkt::influxdb
