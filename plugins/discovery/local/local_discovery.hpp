// local_discovery.hpp: the "local" source: files and servers of this machine, named in the
// configuration, with this machine's own tools as the way in. Needs no container engine.
#pragma once

#include "plugins/discovery/local/targets.hpp"

namespace bkt::local_host {

class LocalDiscovery final : public Discovery {
public:
    explicit LocalDiscovery(Call& call);  // throws Error when the list is wrong

    Status scan(Call& call, const TargetOut& out) override;
    Result<ExecOutcome> exec(Call& call, const ExecRequest& request) override;
    Result<std::string> health(Call& call) override;

private:
    std::vector<FoundTarget> targets_;
};

}  // namespace bkt::local_host
