#include "plugins/discovery/local/local_discovery.hpp"

#include <unistd.h>

#include <algorithm>

#include "plugins/discovery/local/run_tool.hpp"

namespace bkt::local_host {

LocalDiscovery::LocalDiscovery(Call& call) {
    auto parsed = parse_targets(call.config("targets"));
    if (!parsed) throw std::move(parsed).error();
    targets_ = *std::move(parsed);
}

Status LocalDiscovery::scan(Call&, const TargetOut& out) {
    for (const auto& target : targets_) BKT_TRY(out(target));
    return {};
}

Result<ExecOutcome> LocalDiscovery::exec(Call& call, const ExecRequest& request) {
    const auto is_it = [&](const FoundTarget& t) { return t.id == request.target; };
    // No target: the machine itself, for tools that reach a server over the network.
    if (!request.target.empty() && std::none_of(targets_.begin(), targets_.end(), is_it))
        return Error{Code::not_found, "there is no local target '" + request.target + "'"};
    if (request.beside)
        return Error{Code::unsupported, "a local target has no sidecar",
                     "leave the label baktainer.mode out"};
    if (!request.user.empty())
        return Error{Code::unsupported, "a local target's tools run as baktainer's own user only",
                     "start baktainer as the user the tool needs"};
    return run_tool(call, request);
}

Result<std::string> LocalDiscovery::health(Call&) {
    char name[256] = "this machine";
    ::gethostname(name, sizeof name - 1);
    return "this machine (" + std::string(name) + "), " + std::to_string(targets_.size()) +
           (targets_.size() == 1 ? " target" : " targets") + " configured";
}

}  // namespace bkt::local_host
