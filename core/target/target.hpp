// target/target.hpp: a database server as discovery found it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/base/secret.hpp"

namespace bkt::target {

struct Target {
    std::string source;  // the discovery block that found it
    std::string id;      // stable within the source
    std::string name;    // for people; labels may rename it
    std::string image;
    std::string image_digest;
    std::string state = "running";         // anything else: why it cannot be backed up now
    bool host_files = false;               // its paths are this machine's own files
    std::uint64_t memory_limit_bytes = 0;  // of the container; 0 = none
    std::string address;                   // where this machine reaches it; "" = unknown
    std::vector<std::string> programs;     // that run there; none = unknown
    std::string transport;                 // how a tool's output leaves it, for people; "" = unsaid
    std::string transport_reason;
    std::map<std::string, std::string> labels;
    std::map<std::string, base::Secret> env;  // values may be passwords
};

}  // namespace bkt::target
