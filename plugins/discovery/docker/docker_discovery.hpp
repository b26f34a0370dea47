// docker_discovery.hpp: containers of one Docker (or Podman) engine as targets.
#pragma once

#include <memory>

#include "baktainer/discovery.hpp"
#include "plugins/discovery/docker/transport.hpp"

namespace bkt::docker {

// Settings: socket, opt_in, transport, tls_ca, tls_cert, tls_key; else Docker's own DOCKER_* variables.
class DockerDiscovery final : public Discovery {
public:
    explicit DockerDiscovery(Call& call);  // throws bkt::Error

    Status scan(Call& call, const TargetOut& out) override;
    Status watch(Call& call, const ChangeOut& out) override;
    Result<ExecOutcome> exec(Call& call, const ExecRequest& request) override;
    Result<FoundTarget> clone(Call& call, const std::string& id, const std::string& name) override;
    Status remove_clone(Call& call, const std::string& id) override;
    Result<std::string> health(Call& call) override;

private:
    void remove_unheard(const std::string& name);

    std::unique_ptr<Api> api_;
    bool opt_in_;
    Transport transport_ = Transport::fifo;
};

}  // namespace bkt::docker
