// buckets.hpp: what a server says of its buckets, and which of them a job means.
#pragma once

#include <string>
#include <vector>

#include "baktainer/result.hpp"

namespace bkt::influxdb {

struct BucketManifest {
    std::string org, name;
    std::string json;  // "{...}", without the shards that are marked deleted
};

// From buckets.json; the server's own ("_tasks") are left out. Code::corrupt when it is no such list.
Result<std::vector<BucketManifest>> buckets_of(std::string_view buckets_json);
// Those of the organisation (empty = any) and of these names (empty = any). Code::not_found names what there is
// not; Code::invalid when two organisations have a bucket of one name.
Result<std::vector<BucketManifest>> chosen_buckets(std::vector<BucketManifest> all,
                                                   const std::string& org,
                                                   const std::vector<std::string>& names);

}  // namespace bkt::influxdb
