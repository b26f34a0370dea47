// plugin/instance_host.hpp: the host as one plugin instance sees it: bkt_host and the tables behind it.
//
// Each instance gets its own, with its own settings, secrets and way into the target, so a plugin can
// reach nothing it was not opened for.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "baktainer/abi/services/exec.h"
#include "baktainer/result.hpp"
#include "core/base/scrubber.hpp"
#include "core/base/secret.hpp"

namespace bkt::plugin {

// What an instance may reach. Empty functions = that service says "unsupported".
struct Grants {
    std::string plugin;                         // for logs
    std::map<std::string, std::string> config;  // services/config.h
    // Resolves a secret setting; an empty secret = none configured.
    std::function<Result<base::Secret>(const bkt_call* call, std::string_view key)> secret;
    // Runs a tool in the job's target: discovery's exec with the target filled in.
    std::function<bkt_rc(const bkt_call*, const bkt_exec_request*, const bkt_exec_report*)> exec;
    std::string temp_root;  // "" = no temporary folder
    std::shared_ptr<base::Scrubber> scrubber = std::make_shared<base::Scrubber>();
};

class InstanceHost final {
public:
    explicit InstanceHost(Grants grants);
    InstanceHost(const InstanceHost&) = delete;
    InstanceHost& operator=(const InstanceHost&) = delete;
    ~InstanceHost();  // removes the temporary folder

    const bkt_host* raw() const { return &raw_; }
    const std::string& plugin() const { return grants_.plugin; }

    // For the service tables only.
    static InstanceHost& of(const bkt_host* host) { return *static_cast<InstanceHost*>(host->ctx); }
    const Grants& grants() const { return grants_; }
    Result<std::string> temp_dir();
    // Keeps a resolved secret as long as the instance lives, so the plugin may borrow it.
    std::string_view keep(base::Secret secret);

private:
    Grants grants_;
    bkt_host raw_{};
    std::mutex mutex_;
    std::string temp_dir_;
    std::vector<std::unique_ptr<base::Secret>> kept_;
};

}  // namespace bkt::plugin
