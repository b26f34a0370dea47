#include "plugins/discovery/docker/docker_discovery.hpp"

#include <cstdlib>

#include "plugins/discovery/docker/containers.hpp"
#include "plugins/discovery/docker/events.hpp"
#include "plugins/discovery/docker/exec_run.hpp"
#include "plugins/discovery/docker/json_read.hpp"
#include "plugins/discovery/docker/sidecar_run.hpp"

namespace bkt::docker {
namespace {

using nlohmann::json;

constexpr auto kCleanLimit = std::chrono::seconds(20);

std::string variable(std::string_view name) {
    const char* value = std::getenv(std::string(name).c_str());
    return value ? value : "";
}

bool is_false(const std::string& text) {
    return text == "false" || text == "no" || text == "off" || text == "0";
}

}  // namespace

DockerDiscovery::DockerDiscovery(Call& call) : opt_in_(!is_false(call.config("opt_in"))) {
    auto endpoint = find_endpoint([&](std::string_view key) { return call.config(key); }, variable);
    if (!endpoint) throw std::move(endpoint).error();
    auto transport = parse_transport(call.config("transport"));
    if (!transport) throw std::move(transport).error();
    transport_ = *transport;
    api_ = std::make_unique<Api>(*std::move(endpoint), variable("DOCKER_API_VERSION"));
}

Status DockerDiscovery::scan(Call& call, const TargetOut& out) {
    const Wait wait(call);
    BKT_LET(const json list, api_->get("/containers/json?all=true", wait));
    if (!list.is_array())
        return Error{Code::unavailable, "the container engine's list of containers is none",
                     "see whether something else listens there"};
    for (const auto& entry : list) {
        if (!is_asking(at(entry, "Labels"), opt_in_)) continue;
        const auto id = text_at(entry, "Id");
        if (id.empty())
            return Error{Code::unavailable, "the container engine listed a container without an id",
                         "see whether something else listens there"};
        auto inspected = api_->get("/containers/" + encoded(id) + "/json", wait);
        // It may have gone between the two calls; then it is no target.
        if (!inspected && inspected.error().code == Code::not_found) continue;
        if (!inspected) return std::move(inspected).error();
        BKT_LET(FoundTarget found, target_of(*inspected));
        auto [transport, reason] = explain_transport(transport_, *inspected);
        found.transport = transport, found.transport_reason = std::move(reason);
        if (is_unnamed(found)) {
            // An engine without it (Podman words it otherwise) still has the image and the environment.
            const auto top =
                api_->get("/containers/" + encoded(id) + "/top?ps_args=-eo%20pid,comm", wait);
            if (top) found.programs = programs_of(*top);
        }
        BKT_TRY(out(found));
    }
    return {};
}

Status DockerDiscovery::watch(Call& call, const ChangeOut& out) {
    return watch_events(*api_, call, out);
}

Result<ExecOutcome> DockerDiscovery::exec(Call& call, const ExecRequest& request) {
    return request.beside ? run_sidecar(*api_, call, request)
                          : run_exec(*api_, call, request, transport_);
}

Result<FoundTarget> DockerDiscovery::clone(Call& call, const std::string& id,
                                           const std::string& name) {
    const Wait wait(call);
    auto inspected = api_->get("/containers/" + encoded(id) + "/json", wait);
    if (!inspected) {
        if (inspected.error().code != Code::not_found) return std::move(inspected).error();
        return Error{
            Code::not_found, "the container it was taken from is gone",
            "restore into another target (--to NAME --confirm) or to files (--to file:DIR)"};
    }
    auto made =
        api_->post("/containers/create?name=" + encoded(name), clone_body(*inspected), wait);
    if (!made) {
        auto error = std::move(made).error();
        if (error.code == Code::conflict) error.code = Code::exists;
        else remove_unheard(name);
        return error;
    }
    const auto made_id = text_at(*made, "Id");
    if (made_id.empty())
        return Error{
            Code::unavailable,
            "the container engine made '" + name + "' and did not say which container it is",
            "see whether something else listens there"};
    auto started = api_->post("/containers/" + made_id + "/start", json(), wait);
    auto described = started ? api_->get("/containers/" + made_id + "/json", wait)
                             : Result<json>(started.error());
    if (!described) {
        static_cast<void>(api_->remove("/containers/" + made_id + "?force=true&v=true",
                                       Wait::uncancelled().within(kCleanLimit)));
        return std::move(described).error();
    }
    return target_of(*described);
}

// The engine may have made it though its answer did not arrive. Only ours is removed.
void DockerDiscovery::remove_unheard(const std::string& name) {
    const Wait wait = Wait::uncancelled().within(kCleanLimit);
    auto found = api_->get("/containers/" + encoded(name) + "/json", wait);
    if (!found || !at(at(*found, "Config"), "Labels").contains(kCloneLabel)) return;
    if (flag_at(at(*found, "State"), "Running").value_or(true)) return;
    static_cast<void>(
        api_->remove("/containers/" + encoded(text_at(*found, "Id")) + "?force=true&v=true", wait));
}

Status DockerDiscovery::remove_clone(Call& call, const std::string& id) {
    const Wait wait(call);
    BKT_LET(const json inspected, api_->get("/containers/" + encoded(id) + "/json", wait));
    if (!at(at(inspected, "Config"), "Labels").contains(kCloneLabel))
        return Error{
            Code::denied,
            "'" + id.substr(0, 12) + "' is no container that a restore made, so it is not removed"};
    return api_->remove("/containers/" + encoded(id) + "?force=true&v=true", wait);
}

Result<std::string> DockerDiscovery::health(Call& call) { return api_->describe(Wait(call)); }

}  // namespace bkt::docker
