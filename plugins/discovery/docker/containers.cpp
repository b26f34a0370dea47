#include "plugins/discovery/docker/containers.hpp"

#include <algorithm>

#include "plugins/discovery/docker/json_read.hpp"
#include "plugins/discovery/docker/sidecar_run.hpp"

namespace bkt::docker {

using nlohmann::json;

std::string display_name(const json& labels, std::string_view container_name) {
    const auto project = text_at(labels, "com.docker.compose.project");
    const auto service = text_at(labels, "com.docker.compose.service");
    if (container_name.starts_with('/')) container_name.remove_prefix(1);
    if (project.empty() || service.empty()) return std::string(container_name);
    const auto number = text_at(labels, "com.docker.compose.container-number");
    return project + "/" + service + (number.empty() || number == "1" ? "" : "-" + number);
}

bool is_asking(const json& labels, bool opt_in) {
    if (!labels.is_object()) return !opt_in;
    if (labels.contains(kCloneLabel) || labels.contains(kSidecarLabel)) return false;
    if (!opt_in) return true;
    for (const auto& [key, value] : labels.items())
        if (key.starts_with("baktainer.")) return true;
    return false;
}

namespace {

// Of the first network that gave it one.
std::string address_of(const json& settings) {
    const json& networks = at(settings, "Networks");
    if (networks.is_object())
        for (const auto& [name, network] : networks.items())
            if (auto address = text_at(network, "IPAddress"); !address.empty()) return address;
    return text_at(settings, "IPAddress");
}

}  // namespace

Result<FoundTarget> target_of(const json& inspected) {
    const json& config = at(inspected, "Config");
    FoundTarget t;
    t.id = text_at(inspected, "Id");
    if (t.id.empty() || !config.is_object())
        return Error{
            Code::unavailable,
            "the container engine described a container in a way this version cannot read"};
    const json& labels = at(config, "Labels");
    // A clone is no part of a project, even where its image says so (docker commit keeps such labels).
    t.name =
        display_name(labels.contains(kCloneLabel) ? json() : labels, text_at(inspected, "Name"));
    t.image = text_at(config, "Image");
    t.image_digest = text_at(inspected, "Image");
    t.state = text_at(at(inspected, "State"), "Status");
    if (labels.is_object())
        for (const auto& [key, value] : labels.items())
            if (value.is_string()) t.labels.emplace_back(key, value.get<std::string>());
    const json& env = at(config, "Env");
    for (const auto& entry : env.is_array() ? env : json::array()) {
        if (!entry.is_string()) continue;
        const auto text = entry.get<std::string>();
        const auto equals = text.find('=');
        if (equals != text.npos)
            t.env.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    }
    const json& memory = at(at(inspected, "HostConfig"), "Memory");
    if (memory.is_number_unsigned()) t.memory_limit_bytes = memory.get<std::uint64_t>();
    t.address = address_of(at(inspected, "NetworkSettings"));
    return t;
}

bool is_unnamed(const FoundTarget& target) {
    bool asks = false;
    for (const auto& [key, value] : target.labels) {
        if (key.starts_with("baktainer.") && key.ends_with("db.engine")) return false;
        asks = asks || key.starts_with("baktainer.");
    }
    return asks && target.state == "running";
}

std::vector<std::string> programs_of(const json& top) {
    std::vector<std::string> programs;
    const json& processes = at(top, "Processes");
    for (const auto& row : processes.is_array() ? processes : json::array()) {
        if (!row.is_array() || row.size() < 2 || !row.back().is_string()) continue;
        const auto name = row.back().get<std::string>();
        if (std::find(programs.begin(), programs.end(), name) == programs.end())
            programs.push_back(name);
    }
    return programs;
}

json clone_body(const json& inspected) {
    const json& config = at(inspected, "Config");
    const json& host = at(inspected, "HostConfig");
    json body;
    for (const char* key :
         {"Cmd", "Entrypoint", "Env", "User", "WorkingDir", "StopSignal", "Healthcheck", "Shell"})
        if (!at(config, key).is_null()) body[key] = at(config, key);
    body["Image"] = text_at(inspected, "Image");
    body["Labels"] = {{kCloneLabel, text_at(inspected, "Id")}};
    json& hc = body["HostConfig"];
    hc = json::object();
    for (const char* key : {"Memory", "MemoryReservation", "MemorySwap", "NanoCpus", "CpuShares",
                            "CpuQuota", "CpuPeriod", "ShmSize", "Ulimits", "CapAdd", "CapDrop",
                            "SecurityOpt", "Sysctls", "Init", "Runtime"})
        if (!at(host, key).is_null()) hc[key] = at(host, key);
    const auto network = text_at(host, "NetworkMode");
    // Another container's network cannot be shared without being in its way; the default is safe.
    const bool own = !network.empty() && !network.starts_with("container:") && network != "host";
    hc["NetworkMode"] = own ? network : "default";
    return body;
}

}  // namespace bkt::docker
