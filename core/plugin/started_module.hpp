// plugin/started_module.hpp: a module that runs in this process, between its init() and its deinit().
#pragma once

#include <memory>

#include "baktainer/abi/abi.h"
#include "baktainer/result.hpp"
#include "core/plugin/instance_host.hpp"

namespace bkt::plugin {

class StartedModule final {
public:
    // Calls init(), where there is one, with a host that has no settings. [control thread]
    static Result<std::unique_ptr<StartedModule>> start(const bkt_module& module, Grants grants);
    StartedModule(const StartedModule&) = delete;
    StartedModule& operator=(const StartedModule&) = delete;
    ~StartedModule();  // deinit(); every instance is closed by then

private:
    StartedModule(const bkt_module& module, Grants grants)
        : module_(module), host_(std::move(grants)) {}

    const bkt_module& module_;
    InstanceHost host_;
    bool started_ = false;
};

}  // namespace bkt::plugin
