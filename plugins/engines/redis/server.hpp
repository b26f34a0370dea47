// server.hpp: what a server says of itself (INFO).
#pragma once

#include <string>
#include <vector>

#include "plugins/engines/redis/tools.hpp"

namespace bkt::redis {

struct Server {
    std::string product;  // "redis" or "valkey"
    std::string version;  // "8.1.1", the product's own
    bool is_replica = false;
    bool link_is_up = true;  // of a replica
    bool is_cluster = false;
    bool is_loading = false;
    std::uint64_t memory_bytes = 0;   // in use
    std::uint64_t dataset_bytes = 0;  // of it, the data
    std::uint64_t keys = 0;           // of all databases
    std::uint64_t functions = 0;
    std::vector<std::string> modules;

    bool is_empty() const { return keys == 0 && functions == 0; }

    // Drops the tools' password where the server has none. Code::unavailable, Code::denied as it says.
    static Result<Server> ask(Tools& tools);
    // From INFO's lines.
    static Server parse(std::string_view info);
};

}  // namespace bkt::redis
