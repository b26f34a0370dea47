#include "plugins/engines/redis/server.hpp"

#include <charconv>

namespace bkt::redis {
namespace {

std::uint64_t number(std::string_view digits) {
    std::uint64_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

// "keys=12,expires=0,..." -> "12"; "" when there is no such field.
std::string_view field(std::string_view list, std::string_view name) {
    while (!list.empty()) {
        const auto comma = list.find(',');
        const auto one = list.substr(0, comma);
        if (one.starts_with(name) && one.substr(name.size()).starts_with('='))
            return one.substr(name.size() + 1);
        list.remove_prefix(comma == list.npos ? list.size() : comma + 1);
    }
    return {};
}

bool is_database(std::string_view key) {
    return key.starts_with("db") && key.size() > 2 &&
           key.find_first_not_of("0123456789", 2) == key.npos;
}

}  // namespace

Server Server::parse(std::string_view info) {
    Server s;
    s.product = "redis";
    std::string redis_version, valkey_version;
    while (!info.empty()) {
        const auto end = info.find('\n');
        std::string_view line = info.substr(0, end);
        info.remove_prefix(end == info.npos ? info.size() : end + 1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        const auto colon = line.find(':');
        if (colon == line.npos) continue;
        const auto key = line.substr(0, colon), value = line.substr(colon + 1);
        if (key == "redis_version") redis_version = value.substr(0, 64);
        else if (key == "valkey_version") valkey_version = value.substr(0, 64);
        else if (key == "role") s.is_replica = value == "slave" || value == "replica";
        else if (key == "master_link_status") s.link_is_up = value == "up";
        else if (key == "cluster_enabled") s.is_cluster = value == "1";
        else if (key == "loading") s.is_loading = value != "0";
        else if (key == "used_memory") s.memory_bytes = number(value);
        else if (key == "used_memory_dataset") s.dataset_bytes = number(value);
        else if (key == "number_of_functions") s.functions = number(value);
        else if (key == "module") s.modules.emplace_back(field(value, "name").substr(0, 64));
        else if (is_database(key)) s.keys += number(field(value, "keys"));
    }
    if (!valkey_version.empty()) s.product = "valkey";
    // Valkey states the Redis version it behaves as, too.
    s.version = valkey_version.empty() ? redis_version : valkey_version;
    return s;
}

Result<Server> Server::ask(Tools& tools) {
    std::string said;
    BKT_LET(const ExecResult r, tools.run({"INFO"}).capture(said, 1 << 20).result());
    if (tools.has_password() && wants_no_password(r.stderr_tail)) {
        tools.forget_password();
        return ask(tools);
    }
    if (r.exit_code != 0 || !said.starts_with("# "))
        return explain("asking the server what it is", r.stderr_tail + "\n" + said.substr(0, 1000));
    return parse(said);
}

}  // namespace bkt::redis
