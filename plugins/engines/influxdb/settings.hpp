// settings.hpp: what a job says about its server, checked.
//
// The texts come from labels. Each becomes the value of one "-option=value" word, or a quoted name of InfluxQL.
#pragma once

#include <string>
#include <vector>

#include "baktainer/call.hpp"

namespace bkt::influxdb {

struct Settings {
    std::string user;
    std::string host;                    // of the HTTP side; empty = the tool's default
    std::string port;                    // the same
    std::vector<std::string> databases;  // empty = all; buckets, of InfluxDB 2
    std::string org;                     // InfluxDB 2; empty = all

    // From the instance's config. Code::invalid names the key.
    static Result<Settings> load(const Call& call);
    // The same without what to back up: a restore goes by its parts.
    static Result<Settings> load_connection(const Call& call);
};

// Code::invalid, naming `key`, unless `name` can be a database's.
Status check_name(std::string_view key, std::string_view name);
// The same for a bucket of InfluxDB 2; one that begins with '_' is the server's own.
Status check_bucket(std::string_view key, std::string_view name);
// "\"...\"" with what InfluxQL wants escaped.
std::string quoted_name(std::string_view name);

}  // namespace bkt::influxdb
